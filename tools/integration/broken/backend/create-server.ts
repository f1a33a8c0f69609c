import {
  BrokerService,
  ControllerService,
  DataService,
  DiagnosticsService,
  HealthService,
  ResourceService,
  StdioService,
} from "@framewright/protocol";
import {
  type handleUnaryCall,
  Server,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { Steps } from "./base.js";

/** How long a unary answer takes, in ms, so that a call can be cancelled before it comes. */
const ANSWER_MS = 5;

const NO_BYTES = new Uint8Array(0);

/** The services of a plugin whose steps these are. */
export function createServer(steps: Steps, end: () => void): Server {
  const server = new Server({ "grpc.max_receive_message_length": steps.maxReceiveBytes });
  const serve = (service: ServiceDefinition, handlers: UntypedServiceImplementation): void =>
    server.addService(withDecoders(service, steps), handlers);

  serve(DataService, {
    queryData: unary(steps, DataService.queryData.requestSerialize, ({ queries }) => {
      const asked = new Map(queries.map((query) => [query.refId, parse(query.json)]));
      const answers = steps.answers(asked, (refId) => steps.answer(refId, asked.get(refId)));
      return { responses: new Map(answers.map(([refId, answer]) => [refId, { ...answer, jsonMeta: NO_BYTES, format: 0 }])) };
    }),
  });
  serve(ResourceService, {
    callResource(call) {
      call.write({ code: 404, headers: new Map(), body: Buffer.from("nothing is here") });
      call.end();
    },
  });
  serve(DiagnosticsService, {
    checkHealth: unary(steps, DiagnosticsService.checkHealth.requestSerialize, () => ({
      status: 1,
      message: "well",
      jsonDetails: NO_BYTES,
    })),
    collectMetrics: unary(steps, DiagnosticsService.collectMetrics.requestSerialize, () => ({
      metrics: { prometheus: Buffer.from("up 1\n") },
    })),
  });
  serve(HealthService, {
    check(call, callback) {
      const known = steps.health(call.request.service);
      callback(known === undefined ? { code: status.NOT_FOUND } : null, { status: known });
    },
  });
  serve(StdioService, { streamStdio: (call) => steps.streamStdio(call) });
  serve(BrokerService, { startStream: (call) => steps.startStream(call) });
  serve(ControllerService, {
    shutdown(_call, callback) {
      callback(null, {});
      setImmediate(() => steps.shutDown(end));
    },
  });
  return server;
}
