import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdmissionControlService, AdmissionRequest } from "@framewright/protocol";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, expect, it } from "vitest";
import { rememberSecrets } from "../src/secrets/known-secrets.js";
import { createCallsInFlight } from "../src/server/calls/calls-in-flight.js";
import { createServer } from "../src/server/create-server.js";
import type { GrpcServer } from "../src/server/grpc/grpc-server.js";
import { startCallSpans } from "../src/tracing/call-spans.js";
import { setCurrentTracing, type Tracing } from "../src/tracing/current-tracing.js";
import { httpSpans } from "../src/tracing/http-spans.js";
import { recordedLog } from "./helpers.js";

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const tracer = provider.getTracer("test");
const propagator = new W3CTraceContextPropagator();
const tracing: Tracing = {
  startCall: startCallSpans(tracer, propagator),
  http: httpSpans(tracer, propagator),
  flush: async () => {},
  shutdown: async () => {},
};
const open: (GrpcServer | Client)[] = [];

afterEach(() => {
  exporter.reset();
  for (const end of open.splice(0)) {
    if (end instanceof Client) {
      end.close();
    } else {
      end.destroy();
    }
  }
});

/** Asks a server whose handler throws, and gives the error that it answers and the lines of its log. */
async function failWith(thrown: unknown): Promise<{ readonly answer: unknown; readonly lines: readonly unknown[] }> {
  const { log, lines } = recordedLog();
  const handlers = {
    async validateAdmission(): Promise<never> {
      throw thrown;
    },
  };
  const inFlight = createCallsInFlight();
  const server = createServer({ handlers, log, inFlight, maxReceivedBytes: 1_000, onShutdown: () => {} });
  const socket = join(tmpdir(), `framewright-observed-${process.pid}`);
  await server.listen({ path: socket });
  const client = new Client(`unix:${socket}`, credentials.createInsecure());
  open.push(client, server);
  const { path, requestSerialize, responseDeserialize } = AdmissionControlService.validateAdmission;
  const answer = await new Promise((resolve) => {
    const options = { deadline: Date.now() + 3_000 };
    const request = AdmissionRequest.fromPartial({});
    const metadata = new Metadata();
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, options, resolve);
  });
  return { answer, lines };
}

const boom = (members: Readonly<Record<string, unknown>>): Error => Object.assign(new Error("boom"), members);

it.each([
  ["no stack that is a text", boom({ stack: { frames: [1] } })],
  ["a name that is none", boom({ name: { a: 1 } })],
  [
    "a name that cannot be read",
    Object.defineProperty(new Error("boom"), "name", {
      get() {
        throw new Error("no name");
      },
    }),
  ],
])("an error with %s is answered and traced", async (_, error) => {
  setCurrentTracing(tracing);
  // Texts are only looked into where there are secrets to be kept out of them.
  rememberSecrets(["hush-hush-hush"]);
  const { answer, lines } = await failWith(error);
  expect(answer).toMatchObject({ code: 2, details: "boom" });
  expect(lines).toMatchObject([{ "@message": "call failed" }]);
  const spans = exporter.getFinishedSpans();
  expect(spans.map((span) => span.name)).toEqual([
    "sdk.validateAdmission",
    "pluginv2.AdmissionControl/ValidateAdmission",
  ]);
  expect(spans[0]?.events[0]?.attributes).toMatchObject({ "exception.type": "Error", "exception.message": "boom" });
});

it("a tracing that throws keeps no answer from the host", async () => {
  setCurrentTracing({
    ...tracing,
    startCall: () => ({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      run: (work) => work(),
      end() {
        throw new Error("the span cannot end");
      },
    }),
  });
  const { answer, lines } = await failWith(new Error("boom"));
  expect(answer).toMatchObject({ code: 2, details: "boom" });
  expect(lines).toMatchObject([
    { "@message": "call failed" },
    { "@message": "a call's metrics and traces are incomplete", error: expect.stringContaining("the span cannot end") },
  ]);
});
