import { memberOf } from "./read-error.js";

/** The system's, TLS's or a library's code of an error; empty where it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error ? memberOf(error, "code") : undefined;
  return typeof code === "string" ? code : "";
}
