import { runGoTool } from "./go-tools.js";

/** A case that can be put to an HTTP/2 server: one of h2spec's, or of ours beside them. */
export interface Http2Case {
  /** h2spec's name for it: the specification, the section and the number in it, such as `http2/6.9.1/2`. */
  readonly id: string;
  /** The section's title. */
  readonly section: string;
  readonly description: string;
  /** What the specification asks for. */
  readonly requirement: string;
}

/** What came of a case. */
export interface Http2Result extends Http2Case {
  /** `skipped` where h2spec found that the server has nothing to put the case to. */
  readonly outcome: "passed" | "failed" | "skipped";
  /** The events one of which was waited for. */
  readonly expected?: readonly string[];
  /** What came last instead. */
  readonly actual?: string;
}

/** The cases that there are, in their order. */
export async function listHttp2Cases(): Promise<Http2Case[]> {
  return JSON.parse((await runGoTool("h2spec", "list")).toString());
}

/**
 * Puts cases to a server, each over a connection of its own.
 *
 * @param address a Unix socket's path, or `<host>:<port>`
 * @param flags more of `h2spec run`, such as `--case` and an id; all cases without one
 * @throws when the server takes no connection
 */
export async function runHttp2Cases(address: string, ...flags: string[]): Promise<Http2Result[]> {
  // A busy machine may take longer than h2spec's own 2 s for a frame.
  return JSON.parse((await runGoTool("h2spec", "run", address, "--timeout", "5s", ...flags)).toString());
}
