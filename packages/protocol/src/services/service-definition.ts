import type { MethodDefinition } from "@grpc/grpc-js";
import { asBuffer, joinParts } from "../messages/payload.js";

/** The generated object of a message type, as far as a service needs it. */
interface MessageCodec {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** The message that a codec reads and writes. */
type MessageOf<C extends MessageCodec> = ReturnType<C["decode"]>;

/** A service as the generator writes it: no gRPC library in it. */
export interface GeneratedService {
  /** The service's name with its package, as in a method's path. */
  readonly fullName: string;
  /** The methods, by their names in code. */
  readonly methods: Readonly<Record<string, GeneratedMethod>>;
}

interface GeneratedMethod {
  readonly name: string;
  readonly requestType: MessageCodec;
  readonly requestStream: boolean;
  readonly responseType: MessageCodec;
  readonly responseStream: boolean;
}

/** A method as grpc-js wants it, whose responses can also be had without being put together. */
export interface GrpcMethod<Req, Res> extends MethodDefinition<Req, Res> {
  /** The encoded response in parts, one behind the other; large payloads among them are not copied. */
  responseParts(message: Res): readonly Uint8Array[];
}

/** A service with the types of its messages. */
export type GrpcService<S extends GeneratedService> = {
  readonly [K in keyof S["methods"]]: GrpcMethod<
    MessageOf<S["methods"][K]["requestType"]>,
    MessageOf<S["methods"][K]["responseType"]>
  >;
};

/** Replacements for the generated response encoders, by method. */
export type ResponseEncoders<S extends GeneratedService> = {
  readonly [K in keyof S["methods"]]?: (message: MessageOf<S["methods"][K]["responseType"]>) => Uint8Array[];
};

/** Makes a service out of a generated one. Messages are encoded once and not copied again. */
export function defineService<S extends GeneratedService>(
  service: S,
  encoders: ResponseEncoders<S> = {},
): GrpcService<S> {
  const byName: Readonly<Record<string, ((message: never) => Uint8Array[]) | undefined>> = encoders;
  // TypeScript cannot follow a mapped type through entries; `GrpcService` says what `defineMethod` makes of each.
  const entries: readonly (readonly unknown[])[] = Object.entries(service.methods).map(([key, method]) => [
    key,
    defineMethod(service.fullName, method, byName[key]),
  ]);
  return Object.fromEntries(entries);
}

function defineMethod(
  serviceName: string,
  method: GeneratedMethod,
  encodeResponse: ((message: never) => Uint8Array[]) | undefined,
) {
  const { requestType, responseType } = method;
  const responseParts = encodeResponse ?? ((message: never) => [responseType.encode(message).finish()]);
  return {
    path: `/${serviceName}/${method.name}`,
    originalName: method.name,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: (message: never) => asBuffer(requestType.encode(message).finish()),
    requestDeserialize: (bytes: Buffer) => requestType.decode(bytes),
    responseSerialize: (message: never) => joinParts(responseParts(message)),
    responseParts,
    responseDeserialize: (bytes: Buffer) => responseType.decode(bytes),
  };
}
