import { describeExit, type ExitStatus } from "./process/exit-status.js";

/** Thrown when a plugin did not get as far as answering calls. The message holds the end of its stderr. */
export class PluginStartError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
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
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "PluginCallError";
  /** The RPC's path, such as `/pluginv2.Data/QueryData`. */
  readonly rpc: string;
  /** The status's name, such as `UNIMPLEMENTED` or `DEADLINE_EXCEEDED`. */
  readonly code: string;
  /** How the plugin's process ended, when that is why the call failed. */
  readonly exit: ExitStatus | undefined;

  constructor(rpc: string, code: string, details: string, options: ErrorOptions & { readonly exit?: ExitStatus } = {}) {
    super(`${rpc}: ${code}: ${details}`, options);
    this.rpc = rpc;
    this.code = code;
    this.exit = options.exit;
  }
}

/** Statuses that a call gets from this side when its connection breaks. */
const BROKEN = new Set(["UNAVAILABLE", "CANCELLED", "INTERNAL"]);

/** How long a plugin whose connection broke may take to be gone, in ms. */
const EXIT_GRACE_MS = 300;

/**
 * Adds to a call's error how the plugin's process ended, where that is what broke the connection. Any other error is
 * returned as it is.
 */
export async function explainWithExit(error: unknown, exited: Promise<ExitStatus>): Promise<unknown> {
  if (!(error instanceof PluginCallError) || !BROKEN.has(error.code)) {
    return error;
  }
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), EXIT_GRACE_MS);
  });
  const exit = await Promise.race([exited, timeout]);
  clearTimeout(timer);
  if (exit === undefined) {
    return error;
  }
  const text = `the plugin ${describeExit(exit)} before it had answered`;
  return new PluginCallError(error.rpc, "UNAVAILABLE", text, { cause: error, exit });
}
