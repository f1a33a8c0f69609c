import type {
  AdmissionRequest,
  CallResourceRequest,
  CallResourceResponse,
  CheckHealthRequest,
  CheckHealthResponse,
  CollectMetricsRequest,
  CollectMetricsResponse,
  ConversionRequest,
  ConversionResponse,
  MutationResponse,
  PublishStreamRequest,
  PublishStreamResponse,
  QueryChunkedDataRequest,
  QueryChunkedDataResponse,
  QueryDataRequest,
  QueryDataResponse,
  RunStreamRequest,
  StreamPacket,
  SubscribeStreamRequest,
  SubscribeStreamResponse,
  ValidationResponse,
} from "@framewright/protocol";
import type { CallContext } from "./call-context.js";

/**
 * The layer below {@link defineDataSource}: one method for each RPC, with the messages as they are on the wire.
 *
 * An RPC without a method answers UNIMPLEMENTED. What a method throws becomes the call's status, UNKNOWN with the error's
 * message; errors that belong to one query or one object have a place of their own in the messages. A method that returns
 * an async iterable is asked for its next message when the host has room for it, and its iterator is closed (`return`) when
 * the call is cancelled.
 */
export interface Handlers {
  /** Answers all queries of a request at once. */
  queryData?(request: QueryDataRequest, context: CallContext): Promise<QueryDataResponse>;
  /** Answers the same queries piece by piece. */
  queryChunkedData?(request: QueryChunkedDataRequest, context: CallContext): AsyncIterable<QueryChunkedDataResponse>;
  /** Answers an HTTP request of the frontend. Only the first message's code and headers count. */
  callResource?(request: CallResourceRequest, context: CallContext): AsyncIterable<CallResourceResponse>;
  /** Answers "Save & test", or an app's health endpoint. */
  checkHealth?(request: CheckHealthRequest, context: CallContext): Promise<CheckHealthResponse>;
  /** Answers with the process's metrics. */
  collectMetrics?(request: CollectMetricsRequest, context: CallContext): Promise<CollectMetricsResponse>;
  /** Asked once for every subscriber of a channel: may it listen, and what does it need first? */
  subscribeStream?(request: SubscribeStreamRequest, context: CallContext): Promise<SubscribeStreamResponse>;
  /** Asked for every publication of a client: may it go out, and in what form? */
  publishStream?(request: PublishStreamRequest, context: CallContext): Promise<PublishStreamResponse>;
  /** Fills a channel from its first subscriber until some time after the last one left, when the call is cancelled. */
  runStream?(request: RunStreamRequest, context: CallContext): AsyncIterable<StreamPacket>;
  /** Says yes or no to an object before it is stored. */
  validateAdmission?(request: AdmissionRequest, context: CallContext): Promise<ValidationResponse>;
  /** Says yes or no to an object before it is stored, and may change it. */
  mutateAdmission?(request: AdmissionRequest, context: CallContext): Promise<MutationResponse>;
  /** Converts stored objects to another API version. */
  convertObjects?(request: ConversionRequest, context: CallContext): Promise<ConversionResponse>;
}

/** A plugin that `serve` can run. */
export interface Plugin {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  /** What answers each RPC. */
  readonly handlers: Handlers;
  /** Closes what the handlers opened. Called once, when the process is about to end. */
  dispose(): Promise<void>;
}
