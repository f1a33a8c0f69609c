import type { PluginContext } from "@framewright/protocol";
import type { Logger } from "./log/logger.js";

/** What goes with every call, whichever RPC it came by. */
export interface CallContext {
  /**
   * Aborts when the host cancels the call, its deadline passes or the connection drops. It also aborts once the call has
   * been answered, as a Go handler's context does.
   */
  readonly signal: AbortSignal;
  /** When the host stops waiting; absent when it waits for ever. */
  readonly deadline: Date | undefined;
  /** A logger that already names the call. */
  readonly log: Logger;
}

/** The signed-in person a call is made for. */
export interface User {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  /** `Viewer`, `Editor`, `Admin` or empty. */
  readonly role: string;
}

/** What a data source's handlers get beside the query, request or check itself. */
export interface InstanceContext<Instance> extends CallContext {
  /** What `open` returned for this data source. */
  readonly instance: Instance;
  /** Absent when Grafana itself asks, as the alerting scheduler does. */
  readonly user: User | undefined;
  /** The request exactly as Grafana described its origin. */
  readonly pluginContext: PluginContext;
}
