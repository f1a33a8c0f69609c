import type { AdmissionCall, AdmissionResult, MutationResult } from "./admission.js";
import type { ResourceCall } from "./call-resource.js";
import type { HealthResult } from "./check-health.js";
import type { ConversionCall, ConversionResult } from "./convert-objects.js";
import type { CallOptions } from "./grpc-call.js";
import type { PluginContextInput } from "./plugin-context.js";
import type { QueryChunk } from "./query-chunked-data.js";
import type { QueryDataCall, QueryResult } from "./query-data.js";
import type { PublishResult, StreamCall, StreamMessage, SubscribeResult } from "./stream.js";

/**
 * Every call that Grafana makes. Each takes a signal and a time-out, and each fails with a `PluginCallError` when the
 * plugin answers with a gRPC error: `UNIMPLEMENTED` where the plugin does not serve the call. Any number may be under way
 * at a time, over one connection.
 */
export interface PluginCalls {
  /** Asks queries; the answers come by refId. */
  queryData(call: QueryDataCall, options?: CallOptions): Promise<ReadonlyMap<string, QueryResult>>;
  /** Asks queries; the answers come piece by piece. The call is made when the loop begins and cancelled when it is left. */
  queryChunkedData(call: QueryDataCall, options?: CallOptions): AsyncIterable<QueryChunk>;
  /** Passes on an HTTP request; the body of the answer streams, and cancelling it cancels the call. */
  callResource(call: ResourceCall, options?: CallOptions): Promise<Response>;
  /** Presses "Save & test". */
  checkHealth(context: PluginContextInput, options?: CallOptions): Promise<HealthResult>;
  /** The plugin's metrics as Prometheus text. */
  collectMetrics(context: PluginContextInput, options?: CallOptions): Promise<string>;
  /** Asks whether a user may listen to a channel. */
  subscribeStream(call: StreamCall, options?: CallOptions): Promise<SubscribeResult>;
  /** Asks whether a user may publish to a channel. */
  publishStream(call: StreamCall, options?: CallOptions): Promise<PublishResult>;
  /** What the plugin sends to a channel. The call is made when the loop begins and cancelled when it is left. */
  runStream(call: StreamCall, options?: CallOptions): AsyncIterable<StreamMessage>;
  /** Asks whether an object may be stored. */
  validateAdmission(call: AdmissionCall, options?: CallOptions): Promise<AdmissionResult>;
  /** Asks whether an object may be stored, and in what form. */
  mutateAdmission(call: AdmissionCall, options?: CallOptions): Promise<MutationResult>;
  /** Has stored objects converted to another API version. */
  convertObjects(call: ConversionCall, options?: CallOptions): Promise<ConversionResult>;
  /** Whether gRPC's health service answers SERVING for go-plugin's service name. */
  isServing(options?: CallOptions): Promise<boolean>;
}
