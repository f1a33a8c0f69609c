import type { PluginContext } from "@framewright/protocol";
import type { CallOrigin } from "./calls/call-origin.js";
import type { Logger } from "./log/logger.js";
import type { RpcName } from "./middleware/middleware.js";

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
  /** The name they sign in with. */
  readonly login: string;
  /** Their full name; may be empty. */
  readonly name: string;
  /** Their address; may be empty. */
  readonly email: string;
  /** `Viewer`, `Editor`, `Admin` or empty. */
  readonly role: string;
}

/** What the handlers of a data source or an app get beside the query, request or check itself. */
export interface InstanceContext<Instance> extends CallContext {
  /** What `open` returned for this data source or app; its configuration where there is no `open`. */
  readonly instance: Instance;
  /** Absent when Grafana itself asks, as the alerting scheduler does. */
  readonly user: User | undefined;
  /** Numeric id of the organisation that asks. */
  readonly orgId: number;
  /** The tenant: `org-<id>` or `stacks-<id>`, `default` for the first organisation; empty where Grafana does not say. */
  readonly namespace: string;
  /** The HTTP headers that came with the call, or that Grafana forwards with it. */
  readonly headers: Headers;
  /** The RPC that the call came by: `queryData`, `callResource`, `checkHealth` and so on. */
  readonly endpoint: RpcName;
  /** What in Grafana the call comes from: an alert rule, an expression, a panel of a dashboard. */
  readonly origin: CallOrigin;
  /** The request's origin exactly as it was on the wire. */
  readonly pluginContext: PluginContext;
}
