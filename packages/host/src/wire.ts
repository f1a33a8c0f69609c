/**
 * The protocol's messages and services, for calls as they are on the wire: with `rpc` of a plugin, `callUnary` and the
 * like. What `@framewright/protocol` has, so that who drives plugins needs one dependency.
 *
 * @module
 */
export * from "@framewright/protocol";
export {
  ReflectionService,
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "@framewright/protocol/reflection";
