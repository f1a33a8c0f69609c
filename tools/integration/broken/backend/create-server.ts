import {
  BrokerService,
  type CallResourceRequest,
  CallResourceResponse,
  CheckHealthResponse,
  CollectMetricsResponse,
  ControllerService,
  DataResponse,
  DataService,
  DiagnosticsService,
  type Empty,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthService,
  type QueryDataRequest,
  QueryDataResponse,
  ResourceService,
  StdioService,
  StreamService,
} from "@framewright/protocol";
import { ReflectionService } from "@framewright/protocol/reflection";
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  type ServiceDefinition,
  status,
} from "@grpc/grpc-js";
import type { Steps } from "./base.js";

/** How long a unary answer takes, in ms, so that a call can be cancelled before it comes. */
const ANSWER_MS = 5;

/** The services of a plugin whose steps these are. */
export function createServer(steps: Steps, end: () => void): Server {
  const server = new Server({ "grpc.max_receive_message_length": steps.maxReceiveBytes });
  const data = withDecoder(DataService, steps);
  const diagnostics = withDecoder(DiagnosticsService, steps);

  const { queryChunkedData, subscribeStream, serverReflectionInfo } = steps.more;

  server.addService(data, {
    queryData: unary(steps, (request: QueryDataRequest) => answerQueries(steps, request)),
    ...(queryChunkedData === undefined ? {} : { queryChunkedData }),
  });
  if (subscribeStream !== undefined) {
    server.addService(StreamService, { subscribeStream });
  }
  if (serverReflectionInfo !== undefined) {
    server.addService(ReflectionService, { serverReflectionInfo });
  }
  const callResource: handleServerStreamingCall<CallResourceRequest, CallResourceResponse> = (call) => {
    call.write(CallResourceResponse.fromPartial({ code: steps.resourceStatus, body: Buffer.from("nothing is here") }));
    call.end();
  };
  server.addService(ResourceService, { callResource });
  server.addService(diagnostics, {
    checkHealth: unary(steps, () =>
      CheckHealthResponse.fromPartial({ status: 1, message: "well", jsonDetails: Buffer.from(steps.healthDetails) }),
    ),
    collectMetrics: unary(steps, () =>
      CollectMetricsResponse.fromPartial({ metrics: { prometheus: Buffer.from(steps.metrics) } }),
    ),
  });
  const check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = (call, callback) => {
    const known = steps.health(call.request.service);
    known === undefined ? callback({ code: status.NOT_FOUND }) : callback(null, { status: known });
  };
  server.addService(HealthService, { check });
  server.addService(StdioService, { streamStdio: steps.streamStdio });
  server.addService(BrokerService, { startStream: steps.startStream });
  const shutdown: handleUnaryCall<Empty, Empty> = (_call, callback) => {
    callback(null, {});
    setImmediate(() => steps.shutDown(end));
  };
  server.addService(ControllerService, { shutdown });
  return server;
}

function answerQueries(steps: Steps, { queries }: QueryDataRequest): QueryDataResponse {
  const asked = new Map(queries.map(({ refId, json }) => [refId, parse(json)]));
  const answers = steps.answers(asked, (refId) => steps.answer(refId, asked.get(refId)));
  return QueryDataResponse.fromPartial({
    responses: new Map(answers.map(([refId, answer]) => [refId, DataResponse.fromPartial(answer)])),
  });
}

function unary<Req, Res>(steps: Steps, answer: (request: Req) => Res): handleUnaryCall<Req, Res> {
  return (call, callback) => {
    let answered = false;
    call.on("cancelled", () => answered || steps.onCancelled());
    setTimeout(() => {
      answered = true;
      const refusal = steps.onCall();
      refusal === undefined ? callback(null, answer(call.request)) : callback(refusal);
    }, ANSWER_MS);
  };
}

function withDecoder(service: ServiceDefinition, { decode }: Steps): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: decode(method.requestDeserialize) },
    ]),
  );
}

function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(json).toString());
  } catch {
    return undefined;
  }
}
