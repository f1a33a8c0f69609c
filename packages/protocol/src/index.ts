/**
 * Grafana's backend plugin protocol: the messages and services of `pluginv2` and go-plugin, and the handshake
 * before them. The messages are generated from `proto/`.
 *
 * @module
 */
export type { Empty as ProtobufEmpty } from "./generated/google/protobuf/empty.js";
export {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  HealthListRequest,
  HealthListResponse,
} from "./generated/grpc/health/v1/health.js";
export { ConnInfo, ConnInfo_Knock } from "./generated/plugin/broker.js";
export { Empty } from "./generated/plugin/controller.js";
export { StdioData, StdioData_Channel } from "./generated/plugin/stdio.js";
export {
  AdmissionRequest,
  AdmissionRequest_Operation,
  MutationResponse,
  ValidationResponse,
} from "./generated/pluginv2/admission.js";
export { AppInstanceSettings, DataSourceInstanceSettings, PluginContext, User } from "./generated/pluginv2/context.js";
export { ConversionRequest, ConversionResponse } from "./generated/pluginv2/conversion.js";
export {
  DataFrameFormat,
  DataQuery,
  DataResponse,
  QueryChunkedDataRequest,
  QueryChunkedDataResponse,
  QueryDataRequest,
  QueryDataResponse,
  TimeRange,
} from "./generated/pluginv2/data.js";
export {
  CheckHealthRequest,
  CheckHealthResponse,
  CheckHealthResponse_HealthStatus,
  CollectMetricsRequest,
  CollectMetricsResponse,
  CollectMetricsResponse_Payload,
} from "./generated/pluginv2/diagnostics.js";
export { GroupVersion, GroupVersionKind, RawObject, StatusResult } from "./generated/pluginv2/kubernetes.js";
export { CallResourceRequest, CallResourceResponse, StringList } from "./generated/pluginv2/resource.js";
export {
  PublishStreamRequest,
  PublishStreamResponse,
  PublishStreamResponse_Status,
  RunStreamRequest,
  StreamPacket,
  SubscribeStreamRequest,
  SubscribeStreamResponse,
  SubscribeStreamResponse_Status,
} from "./generated/pluginv2/stream.js";
export * from "./handshake/handshake-config.js";
export { formatHandshake, type Handshake, HandshakeError, parseHandshake } from "./handshake/handshake-line.js";
export { negotiateVersion } from "./handshake/negotiate-version.js";
export { formatLogEntry, LOG_LEVELS, type LogEntry, type LogLevel, parseLogEntry } from "./log/hclog.js";
export type { GeneratedService, GrpcMethod, GrpcService } from "./services/service-definition.js";
export * from "./services/services.js";
