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
import { joinParts, partsWithPayload, queryDataResponseParts } from "../messages/payload.js";
import { defineService, type GrpcService } from "./service-definition.js";

const NO_BYTES = new Uint8Array(0);

/** Queries and the frames that answer them. */
export const DataService: GrpcService<typeof DataDefinition> = defineService(DataDefinition, {
  queryData: queryDataResponseParts,
  queryChunkedData: (message) =>
    partsWithPayload(QueryChunkedDataResponse.encode({ ...message, frame: NO_BYTES }).finish(), 3, message.frame),
});

/** HTTP requests from a plugin's frontend to its backend. */
export const ResourceService: GrpcService<typeof ResourceDefinition> = defineService(ResourceDefinition, {
  // Joined, which copies the body: who sends it piece by piece may fill the same bytes again.
  callResource: (message) => [
    joinParts(partsWithPayload(CallResourceResponse.encode({ ...message, body: NO_BYTES }).finish(), 3, message.body)),
  ],
});

/** Health of a data source, metrics of the process. */
export const DiagnosticsService: GrpcService<typeof DiagnosticsDefinition> = defineService(DiagnosticsDefinition);

/** Grafana Live channels. */
export const StreamService: GrpcService<typeof StreamDefinition> = defineService(StreamDefinition, {
  runStream: (message: StreamPacket) => [joinParts(partsWithPayload(NO_BYTES, 1, message.data))],
});

/** Checks on objects before they are stored. */
export const AdmissionControlService: GrpcService<typeof AdmissionControlDefinition> =
  defineService(AdmissionControlDefinition);

/** Conversion of stored objects between API versions. */
export const ResourceConversionService: GrpcService<typeof ResourceConversionDefinition> =
  defineService(ResourceConversionDefinition);

/** go-plugin's way to end a plugin. */
export const ControllerService: GrpcService<typeof GRPCControllerDefinition> = defineService(GRPCControllerDefinition);

/** go-plugin's copy of what a plugin prints. */
export const StdioService: GrpcService<typeof GRPCStdioDefinition> = defineService(GRPCStdioDefinition);

/** go-plugin's side channel. */
export const BrokerService: GrpcService<typeof GRPCBrokerDefinition> = defineService(GRPCBrokerDefinition);

/** gRPC's standard health service. */
export const HealthService: GrpcService<typeof HealthDefinition> = defineService(HealthDefinition);
