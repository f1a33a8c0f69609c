import {
  AdmissionControlService,
  BrokerService,
  ControllerService,
  DataService,
  DiagnosticsService,
  HealthService,
  ResourceConversionService,
  ResourceService,
  StdioService,
  StreamService,
} from "@framewright/protocol";
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
} from "@grpc/grpc-js";
import type { CallContext } from "../call-context.js";
import { failedQueries, failedQuery } from "../calls/answered-failures.js";
import type { CallFailure } from "../calls/call-record.js";
import type { Handlers } from "../handlers.js";
import type { RpcName } from "../middleware/middleware.js";
import { observedRpc, type PluginRequest } from "./calls/observed-rpc.js";
import type { CallEnvironment } from "./calls/running-call.js";
import { serverStream } from "./calls/server-stream.js";
import { unary } from "./calls/unary.js";
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
export function createServer(settings: ServerSettings): Server {
  const { handlers, inFlight, log, maxReceivedBytes, onShutdown } = settings;
  if (!Number.isSafeInteger(maxReceivedBytes) || (maxReceivedBytes < 1 && maxReceivedBytes !== -1)) {
    throw new RangeError(
      `maxReceivedBytes is ${maxReceivedBytes}; it must be a whole number of bytes, or -1 for any size`,
    );
  }
  const server = new Server({
    "grpc.max_receive_message_length": maxReceivedBytes,
    "grpc.max_send_message_length": -1,
    // Statistics of every call, for a service that is not offered.
    "grpc.enable_channelz": 0,
  });
  allowManyCancelledCalls(server);

  const services = new Set<string>();
  function register<Req, Sent>(
    method: Pick<MethodDefinition<Req, unknown>, "path" | "requestStream" | "responseStream" | "requestDeserialize">,
    handler: handleUnaryCall<Req, Sent> | handleServerStreamingCall<Req, Sent> | handleBidiStreamingCall<Req, Sent>,
    serialize: (message: Sent) => Buffer,
  ): void {
    const type = method.requestStream ? "bidi" : method.responseStream ? "serverStream" : "unary";
    server.register(method.path, handler, serialize, method.requestDeserialize, type);
    services.add(serviceOf(method.path));
  }
  function answer<Req extends PluginRequest, Res>(
    method: MethodDefinition<Req, Res>,
    endpoint: RpcName | undefined,
    handle: ((request: Req, context: CallContext) => Promise<Res>) | undefined,
    failuresOf?: (message: Res) => readonly CallFailure[],
  ): void {
    if (handle !== undefined) {
      const rpc = observedRpc(method, endpoint, failuresOf);
      register(method, unary(method, handle.bind(handlers), settings, rpc), asItIs);
    }
  }
  function stream<Req extends PluginRequest, Res>(
    method: MethodDefinition<Req, Res>,
    endpoint: RpcName,
    handle: ((request: Req, context: CallContext) => AsyncIterable<Res>) | undefined,
    failuresOf?: (message: Res) => readonly CallFailure[],
  ): void {
    if (handle !== undefined) {
      const rpc = observedRpc(method, endpoint, failuresOf);
      register(method, serverStream(method, handle.bind(handlers), settings, rpc), asItIs);
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

  register(HealthService.check, check, HealthService.check.responseSerialize);
  register(HealthService.watch, watch(inFlight), HealthService.watch.responseSerialize);
  register(HealthService.list, list, HealthService.list.responseSerialize);
  register(StdioService.streamStdio, streamStdio(inFlight), StdioService.streamStdio.responseSerialize);
  register(BrokerService.startStream, startStream(inFlight), BrokerService.startStream.responseSerialize);
  answer(ControllerService.shutdown, undefined, async () => {
    setImmediate(onShutdown);
    return {};
  });

  const reflection = serverReflection([...services, ...REFLECTION_PATHS.map(serviceOf)].sort(), log, inFlight);
  for (const path of REFLECTION_PATHS) {
    server.register(path, reflection, asItIs, asItIs, "bidi");
  }
  return server;
}

/** The service's name in a method's path, which is `/service/method`. */
function serviceOf(path: string): string {
  return path.slice(1, path.lastIndexOf("/"));
}

/** Answers reach the server encoded. */
function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

/**
 * A host that drops a thousand calls at once is no attacker: it is the only client, over a local socket. HTTP/2's
 * guard against rapid resets would close its connection, and every other call with it (Node's `streamResetBurst` and
 * `streamResetRate`). grpc-js has no option for it, so it is set where the server keeps what it hands to http2.
 */
function allowManyCancelledCalls(server: Server): void {
  const options: unknown = Reflect.get(server, "commonServerOptions");
  if (typeof options === "object" && options !== null) {
    Object.assign(options, { streamResetBurst: 1_000_000_000, streamResetRate: 1_000_000_000 });
  }
}
