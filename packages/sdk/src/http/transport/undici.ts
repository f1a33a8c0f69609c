/**
 * The engine: npm's undici, on Node and in the compiled binary. It is named by its file, since Bun replaces the plain name
 * "undici" by a stand-in whose agents ignore TLS settings, time-outs and proxies (docs/decisions.md).
 */
export type Undici = typeof import("undici/index.js");

/** Loads the engine, which takes some 30 ms: when the first client is made, not when the plugin starts. */
export function loadUndici(): Promise<Undici> {
  return import("undici/index.js");
}
