import type { Handshake } from "@framewright/protocol";
import type { Client } from "@grpc/grpc-js";
import type { ResourceCall } from "./client/call-resource.js";
import type { HealthResult } from "./client/check-health.js";
import type { CallOptions } from "./client/grpc-call.js";
import type { PluginContextInput } from "./client/plugin-context.js";
import type { QueryDataCall, QueryResult } from "./client/query-data.js";
import type { ExitStatus } from "./process/exit-status.js";

/** A running plugin. Every call rejects with a `PluginCallError` when the plugin answers with a gRPC error. */
export interface Plugin extends AsyncDisposable {
  readonly pid: number;
  readonly handshake: Handshake;
  /** Time from the start of the process to its handshake, in ms. */
  readonly startMs: number;
  /** The connection, for calls with messages as they are on the wire: see `callUnary` and `callServerStream`. */
  readonly client: Client;
  /** Settles when the process is gone, whoever ended it. */
  readonly exited: Promise<ExitStatus>;
  /** Asks queries; the answers come by refId. */
  queryData(call: QueryDataCall, options?: CallOptions): Promise<ReadonlyMap<string, QueryResult>>;
  checkHealth(context: PluginContextInput, options?: CallOptions): Promise<HealthResult>;
  callResource(call: ResourceCall, options?: CallOptions): Promise<Response>;
  /** The plugin's metrics as Prometheus text. */
  collectMetrics(context: PluginContextInput, options?: CallOptions): Promise<string>;
  /** Whether gRPC's health service answers SERVING for go-plugin's service name. */
  isServing(options?: CallOptions): Promise<boolean>;
  /**
   * Ends the plugin: asks it to shut down, and kills it when it is still there 2 s later, as go-plugin does.
   * A second call waits for the same end.
   */
  stop(): Promise<StopResult>;
}

/** How a plugin was stopped. */
export interface StopResult extends ExitStatus {
  /** Whether the process had to be killed. */
  readonly killed: boolean;
}
