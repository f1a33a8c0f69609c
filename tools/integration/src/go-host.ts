import { runGoTool } from "./go-tools.js";

/** What came of one RPC that the official Go client made. */
export interface GoCall {
  readonly service: string;
  readonly method: string;
  /** gRPC's status: `OK`, `Unimplemented` and so on. */
  readonly code: string;
  readonly message?: string;
  readonly ms: number;
  /** What was answered, in a form of its own for each method; null after an error. */
  readonly answer: unknown;
}

/** A line that the plugin or the official client logged. */
export interface GoLogLine {
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** How the plugin ended when the official client ended it. */
export interface GoShutdown {
  readonly ms: number;
  readonly exitCode: number;
  readonly failedToExitGracefully: boolean;
  readonly socketLeft: boolean;
}

/** What `host run` of tools/go reports. */
export interface GoRun {
  readonly autoMtls: boolean;
  readonly handshakeMs: number;
  readonly network: string;
  readonly calls: readonly GoCall[];
  readonly shutdown: GoShutdown;
  readonly logs: readonly GoLogLine[];
}

/** A call that the official client cancelled. */
export interface GoCancelled {
  readonly method: string;
  readonly code: string;
  /** From cancelling to the arrival of the log line in which the plugin says that it noticed; null when none came. */
  readonly noticedMs: number | null;
}

/** Starts a plugin with the official Go client, as Grafana would, has it call every RPC and end the plugin. */
export async function runInGoHost(executable: string, ...flags: string[]): Promise<GoRun> {
  return JSON.parse((await runGoTool("host", "run", executable, ...flags)).toString());
}

/** Has the official Go client cancel calls and measure how soon the plugin knew. */
export async function cancelInGoHost(
  executable: string,
  ...flags: string[]
): Promise<{ readonly calls: readonly GoCancelled[]; readonly shutdown: GoShutdown }> {
  return JSON.parse((await runGoTool("host", "cancel", executable, ...flags)).toString());
}
