import type { Handshake } from "@framewright/protocol";
import type { Client } from "@grpc/grpc-js";
import type { PluginCalls } from "./client/plugin-calls.js";
import type { Rpc } from "./client/rpc.js";
import type { ExitStatus } from "./process/exit-status.js";

/** A plugin that answers calls. */
export interface ConnectedPlugin extends PluginCalls, AsyncDisposable {
  /** Calls with messages as they are on the wire. */
  readonly rpc: Rpc;
  /** The connection itself. */
  readonly client: Client;
  /** Settles when the process is gone, whoever ended it. */
  readonly exited: Promise<ExitStatus>;
  /**
   * Ends the plugin: asks it to shut down, and kills it when it is still there 2 s later, as go-plugin does.
   * A second call waits for the same end.
   */
  stop(): Promise<StopResult>;
}

/** A plugin whose process this one started. Disposing it stops it. */
export interface Plugin extends ConnectedPlugin {
  /** The process's id. */
  readonly pid: number;
  /** What the plugin said of itself when it started. */
  readonly handshake: Handshake;
  /** Time from the start of the process to its handshake, in ms. */
  readonly startMs: number;
}

/** How a plugin was stopped. */
export interface StopResult extends ExitStatus {
  /** Whether the process had to be killed. */
  readonly killed: boolean;
}
