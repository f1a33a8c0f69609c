import type {
  CallResourceRequest,
  CallResourceResponse,
  CheckHealthRequest,
  CheckHealthResponse,
  CollectMetricsRequest,
  CollectMetricsResponse,
  QueryDataRequest,
  QueryDataResponse,
} from "@framewright/protocol";
import type { CallContext } from "./call-context.js";

/**
 * The layer below {@link defineDataSource}: one method for each RPC, with the messages as they are on the wire.
 * An RPC without a method answers UNIMPLEMENTED.
 */
export interface Handlers {
  queryData?(request: QueryDataRequest, context: CallContext): Promise<QueryDataResponse>;
  callResource?(request: CallResourceRequest, context: CallContext): AsyncIterable<CallResourceResponse>;
  checkHealth?(request: CheckHealthRequest, context: CallContext): Promise<CheckHealthResponse>;
  collectMetrics?(request: CollectMetricsRequest, context: CallContext): Promise<CollectMetricsResponse>;
}

/** A plugin that `serve` can run. */
export interface Plugin {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  readonly handlers: Handlers;
  /** Closes what the handlers opened. Called once, when the process is about to end. */
  dispose(): Promise<void>;
}
