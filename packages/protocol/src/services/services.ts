import { HealthDefinition } from "../generated/grpc/health/v1/health.js";
import { GRPCBrokerDefinition } from "../generated/plugin/broker.js";
import { GRPCControllerDefinition } from "../generated/plugin/controller.js";
import { GRPCStdioDefinition } from "../generated/plugin/stdio.js";
import { AdmissionControlDefinition } from "../generated/pluginv2/admission.js";
import { ResourceConversionDefinition } from "../generated/pluginv2/conversion.js";
import { DataDefinition, QueryChunkedDataResponse } from "../generated/pluginv2/data.js";
import { DiagnosticsDefinition } from "../generated/pluginv2/diagnostics.js";
import { CallResourceResponse, ResourceDefinition } from "../generated/pluginv2/resource.js";
import { StreamDefinition, type StreamPacket } from "../generated/pluginv2/stream.js";
import { encodeQueryDataResponse, encodeWithPayload } from "../messages/payload.js";
import { defineService } from "./service-definition.js";

const NO_BYTES = new Uint8Array(0);

/** Queries and the frames that answer them. */
export const DataService = defineService(DataDefinition, {
  queryData: encodeQueryDataResponse,
  queryChunkedData: (message) =>
    encodeWithPayload(QueryChunkedDataResponse.encode({ ...message, frame: NO_BYTES }).finish(), 3, message.frame),
});

/** HTTP requests from a plugin's frontend to its backend. */
export const ResourceService = defineService(ResourceDefinition, {
  callResource: (message) =>
    encodeWithPayload(CallResourceResponse.encode({ ...message, body: NO_BYTES }).finish(), 3, message.body),
});

/** Health of a data source, metrics of the process. */
export const DiagnosticsService = defineService(DiagnosticsDefinition);

/** Grafana Live channels. */
export const StreamService = defineService(StreamDefinition, {
  runStream: (message: StreamPacket) => encodeWithPayload(NO_BYTES, 1, message.data),
});

/** Checks on objects before they are stored. */
export const AdmissionControlService = defineService(AdmissionControlDefinition);

/** Conversion of stored objects between API versions. */
export const ResourceConversionService = defineService(ResourceConversionDefinition);

/** go-plugin's way to end a plugin. */
export const ControllerService = defineService(GRPCControllerDefinition);

/** go-plugin's copy of what a plugin prints. */
export const StdioService = defineService(GRPCStdioDefinition);

/** go-plugin's side channel. */
export const BrokerService = defineService(GRPCBrokerDefinition);

/** gRPC's standard health service. */
export const HealthService = defineService(HealthDefinition);
