import { createFileRegistry, type DescFile, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { DESCRIPTOR_SET } from "../generated/descriptor-set.js";
import { type ServerReflectionRequest, ServerReflectionResponse } from "../generated/grpc/reflection/v1/reflection.js";

/** gRPC's NOT_FOUND and INVALID_ARGUMENT, which an error of reflection names as a number. */
const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

/** Answers the requests of one reflection stream. */
export type AnswerReflection = (request: ServerReflectionRequest) => ServerReflectionResponse;

/**
 * Makes a server's reflection from the descriptors of `proto/`. The returned function begins a stream: on each, a file is
 * sent once. Source: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 *
 * @param services fully qualified names of the services that the server offers
 */
export function createReflection(services: readonly string[]): () => AnswerReflection {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(DESCRIPTOR_SET, "base64")));
  const fileOfSymbol = indexSymbols(registry);

  function answer(request: ServerReflectionRequest, sent: Set<string>): Partial<ServerReflectionResponse> {
    if (request.listServices !== undefined) {
      return { listServicesResponse: { service: services.map((name) => ({ name })) } };
    }
    if (request.fileByFilename !== undefined) {
      const file = registry.getFile(request.fileByFilename);
      return file === undefined ? notFound(`file ${request.fileByFilename}`) : withImports(file, sent);
    }
    if (request.fileContainingSymbol !== undefined) {
      const file = fileOfSymbol.get(request.fileContainingSymbol);
      return file === undefined ? notFound(`symbol ${request.fileContainingSymbol}`) : withImports(file, sent);
    }
    if (request.fileContainingExtension !== undefined) {
      const { containingType, extensionNumber } = request.fileContainingExtension;
      return notFound(`extension ${extensionNumber} of ${containingType}`);
    }
    if (request.allExtensionNumbersOfType !== undefined) {
      const type = request.allExtensionNumbersOfType;
      return registry.getMessage(type) === undefined
        ? notFound(`type ${type}`)
        : { allExtensionNumbersResponse: { baseTypeName: type, extensionNumber: [] } };
    }
    return { errorResponse: { errorCode: INVALID_ARGUMENT, errorMessage: "the request asks for nothing" } };
  }

  return () => {
    const sent = new Set<string>();
    return (request) =>
      ServerReflectionResponse.fromPartial({
        validHost: request.host,
        originalRequest: request,
        ...answer(request, sent),
      });
  };
}

function notFound(what: string): Partial<ServerReflectionResponse> {
  return { errorResponse: { errorCode: NOT_FOUND, errorMessage: `${what} is not known` } };
}

/** The file and all that it imports, directly or not, less what the stream has had already. */
function withImports(file: DescFile, sent: Set<string>): Partial<ServerReflectionResponse> {
  const files: DescFile[] = [];
  const add = (next: DescFile): void => {
    if (!files.includes(next)) {
      files.push(next);
      next.dependencies.forEach(add);
    }
  };
  add(file);
  const news = files.filter((next) => next === file || !sent.has(next.name));
  for (const { name } of news) {
    sent.add(name);
  }
  return {
    fileDescriptorResponse: {
      fileDescriptorProto: news.map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto)),
    },
  };
}

/** The file of every fully qualified name. An enum's values are named beside the enum, not in it, as in C++. */
function indexSymbols(registry: ReturnType<typeof createFileRegistry>): Map<string, DescFile> {
  const files = new Map<string, DescFile>();
  for (const desc of registry) {
    const { file, typeName } = desc;
    const add = (scope: string, names: readonly { readonly name: string }[]): void => {
      for (const { name } of names) {
        files.set(`${scope}.${name}`, file);
      }
    };
    files.set(typeName, file);
    if (desc.kind === "message") {
      add(typeName, desc.fields);
      add(typeName, desc.oneofs);
    } else if (desc.kind === "service") {
      add(typeName, desc.methods);
    } else if (desc.kind === "enum") {
      add(desc.parent?.typeName ?? file.proto.package, desc.values);
    }
  }
  return files;
}
