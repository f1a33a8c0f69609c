import {
  AdmissionControlService,
  BrokerService,
  ControllerService,
  DataService,
  DiagnosticsService,
  type GrpcMethod,
  HealthService,
  ResourceConversionService,
  ResourceService,
  StdioService,
  StreamService,
} from "@framewright/protocol";
import type { CallContext } from "../call-context.js";
import { failedQueries, failedQuery } from "../calls/answered-failures.js";
import type { CallFailure } from "../calls/call-record.js";
import type { Handlers } from "../handlers.js";
import type { RpcName } from "../middleware/middleware.js";
import { observedRpc, type PluginRequest } from "./calls/observed-rpc.js";
import type { CallEnvironment } from "./calls/running-call.js";
import { serverStream } from "./calls/server-stream.js";
import { unary } from "./calls/unary.js";
import { GrpcServer } from "./grpc/grpc-server.js";
import type { AnswerMany, AnswerOne, ServerCall } from "./grpc/server-call.js";
import { status } from "./grpc/status.js";
import { ConnectionError } from "./http2/error-code.js";
import { startStream } from "./services/broker-service.js";
import { check, list, watch } from "./services/health-service.js";
import { REFLECTION_PATHS, serverReflection } from "./services/reflection-service.js";
import { streamStdio } from "./services/stdio-service.js";

/** Largest message a plugin accepts unless told otherwise, in bytes; the Go SDK's figure (backend/serve.go). */
export const DEFAULT_MAX_RECEIVED_BYTES = 16 * 1024 * 1024;

/** Where this is `true`, each call has a line in the log: `request_log = true` in the plugin's section of grafana.ini. */
export const REQUEST_LOG_VARIABLE = "GF_PLUGIN_REQUEST_LOG";

/** How a server is made. */
export interface ServerSettings extends CallEnvironment {
  readonly handlers: Handlers;
  /** Largest message that is accepted, in bytes. A larger one is answered with RESOURCE_EXHAUSTED. */
  readonly maxReceivedBytes: number;
  /** Called when the host asks the plugin to end, after the host has its answer. */
  readonly onShutdown: () => void;
}

/**
 * Makes the gRPC server of a plugin, not yet listening. An RPC without a handler answers UNIMPLEMENTED.
 *
 * @throws RangeError when `maxReceivedBytes` is no size
 */
export function createServer(settings: ServerSettings): GrpcServer {
  const { handlers, inFlight, log, maxReceivedBytes, onShutdown } = settings;
  if (!Number.isSafeInteger(maxReceivedBytes) || (maxReceivedBytes < 1 && maxReceivedBytes !== -1)) {
    throw new RangeError(
      `maxReceivedBytes is ${maxReceivedBytes}; it must be a whole number of bytes, or -1 for any size`,
    );
  }
  const server = new GrpcServer(maxReceivedBytes, (error) => {
    if (error instanceof ConnectionError) {
      log.debug("the host's connection ended", { reason: error.message });
    } else {
      log.error("a connection or call of the host ended because of an error in the plugin", { error });
    }
  });
  const services = new Set<string>();
  function one({ path }: { readonly path: string }, answer: AnswerOne): void {
    services.add(serviceOf(path));
    server.answerOne(path, answer);
  }
  function many({ path }: { readonly path: string }, answer: AnswerMany): void {
    services.add(serviceOf(path));
    server.answerMany(path, answer);
  }
  function answer<Req extends PluginRequest, Res>(
    method: GrpcMethod<Req, Res>,
    endpoint: RpcName | undefined,
    handle: ((request: Req, context: CallContext) => Promise<Res>) | undefined,
    failuresOf?: (message: Res) => readonly CallFailure[],
  ): void {
    if (handle !== undefined) {
      const rpc = observedRpc(method, endpoint, failuresOf);
      one(method, decoded(method, unary(method, handle.bind(handlers), settings, rpc)));
    }
  }
  function stream<Req extends PluginRequest, Res>(
    method: GrpcMethod<Req, Res>,
    endpoint: RpcName,
    handle: ((request: Req, context: CallContext) => AsyncIterable<Res>) | undefined,
    failuresOf?: (message: Res) => readonly CallFailure[],
  ): void {
    if (handle !== undefined) {
      const rpc = observedRpc(method, endpoint, failuresOf);
      one(method, decoded(method, serverStream(method, handle.bind(handlers), settings, rpc)));
    }
  }

  answer(DataService.queryData, "queryData", handlers.queryData, failedQueries);
  stream(DataService.queryChunkedData, "queryChunkedData", handlers.queryChunkedData, failedQuery);
  stream(ResourceService.callResource, "callResource", handlers.callResource);
  answer(DiagnosticsService.checkHealth, "checkHealth", handlers.checkHealth);
  answer(DiagnosticsService.collectMetrics, "collectMetrics", handlers.collectMetrics);
  answer(StreamService.subscribeStream, "subscribeStream", handlers.subscribeStream);
  answer(StreamService.publishStream, "publishStream", handlers.publishStream);
  stream(StreamService.runStream, "runStream", handlers.runStream);
  answer(AdmissionControlService.validateAdmission, "validateAdmission", handlers.validateAdmission);
  answer(AdmissionControlService.mutateAdmission, "mutateAdmission", handlers.mutateAdmission);
  answer(ResourceConversionService.convertObjects, "convertObjects", handlers.convertObjects);

  one(HealthService.check, check);
  one(HealthService.watch, watch(inFlight));
  one(HealthService.list, list);
  one(StdioService.streamStdio, streamStdio(inFlight));
  many(BrokerService.startStream, startStream(inFlight));
  answer(ControllerService.shutdown, undefined, async () => {
    setImmediate(onShutdown);
    return {};
  });

  const reflection = serverReflection([...services, ...REFLECTION_PATHS.map(serviceOf)].sort(), log, inFlight);
  for (const path of REFLECTION_PATHS) {
    server.answerMany(path, reflection);
  }
  return server;
}

/** The service's name in a method's path, which is `/service/method`. */
function serviceOf(path: string): string {
  return path.slice(1, path.lastIndexOf("/"));
}

/** Has a request decoded before it is answered. */
function decoded<Req>(
  { requestDeserialize }: Pick<GrpcMethod<Req, unknown>, "requestDeserialize">,
  answer: (call: ServerCall, request: Req) => void,
): AnswerOne {
  return (call, bytes) => {
    let request: Req;
    try {
      request = requestDeserialize(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      call.end({ code: status.INTERNAL, details: `Error deserializing request: ${reason}` });
      return;
    }
    answer(call, request);
  };
}
