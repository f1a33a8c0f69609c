/**
 * gRPC's server reflection. An entry point of its own, since it holds the descriptors of all of `proto/`: a server loads
 * it when the first client asks.
 *
 * @module
 */
import { ServerReflectionDefinition } from "../generated/grpc/reflection/v1/reflection.js";
import { ServerReflectionDefinition as ServerReflectionAlphaDefinition } from "../generated/grpc/reflection/v1alpha/reflection.js";
import { defineService, type GrpcService } from "../services/service-definition.js";

export { ServerReflectionRequest, ServerReflectionResponse } from "../generated/grpc/reflection/v1/reflection.js";
export { type AnswerReflection, createReflection } from "./reflection.js";

/** Server reflection, and the same under its older name. */
export const ReflectionService: GrpcService<typeof ServerReflectionDefinition> =
  defineService(ServerReflectionDefinition);
/** The service under its older name, which most tools still ask for. */
export const ReflectionAlphaService: GrpcService<typeof ServerReflectionAlphaDefinition> = defineService(
  ServerReflectionAlphaDefinition,
);
