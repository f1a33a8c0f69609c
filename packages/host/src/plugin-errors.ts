import type { ExitStatus } from "./process/exit-status.js";

/** Thrown when a plugin did not get as far as answering calls. The message holds the end of its stderr. */
export class PluginStartError extends Error {
  override readonly name = "PluginStartError";
  /** The last lines of the plugin's stderr. */
  readonly stderr: string;
  /** How the process ended; absent when it was still running. */
  readonly exit: ExitStatus | undefined;

  constructor(message: string, details: { stderr: string; exit?: ExitStatus | undefined; cause?: unknown }) {
    const stderr = details.stderr.trim();
    super(stderr === "" ? message : `${message}\n${stderr.replace(/^/gm, "  | ")}`, { cause: details.cause });
    this.stderr = details.stderr;
    this.exit = details.exit;
  }
}

/** Thrown when an RPC ends with a gRPC status other than OK. */
export class PluginCallError extends Error {
  override readonly name = "PluginCallError";
  /** The status's name, such as `UNIMPLEMENTED` or `DEADLINE_EXCEEDED`. */
  readonly code: string;

  constructor(rpc: string, code: string, details: string, options?: ErrorOptions) {
    super(`${rpc}: ${code}: ${details}`, options);
    this.code = code;
  }
}
