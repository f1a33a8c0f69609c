import { createRequire } from "node:module";
import { Server, ServerCredentials } from "@grpc/grpc-js";

/** An attribute's value, as a test compares it. */
export type AttributeValue = string | number | boolean;

/** A span that a collector got. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** `SPAN_KIND_SERVER` and so on. */
  readonly kind: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly status: { readonly code: string; readonly message: string };
  /** Messages of the exceptions that were recorded. */
  readonly exceptions: readonly AttributeValue[];
  readonly scope: string;
  readonly resource: Readonly<Record<string, AttributeValue>>;
}

/** A collector of traces, as `GF_INSTANCE_OTLP_ADDRESS` names one. */
export interface TraceCollector extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  readonly spans: readonly CollectedSpan[];
  named(name: string): CollectedSpan[];
}

/** What is used of a message's class that protobufjs generated. */
interface MessageClass {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): ExportRequest;
}

interface OtlpMessages {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: {
          readonly v1: {
            readonly ExportTraceServiceRequest: MessageClass;
            readonly ExportTraceServiceResponse: MessageClass;
          };
        };
      };
    };
  };
}

// The messages that OpenTelemetry's own JavaScript generated of its .proto files, before it wrote them by hand.
const messages: OtlpMessages = createRequire(import.meta.url)("otlp-messages/build/src/generated/root.js");
const { ExportTraceServiceRequest, ExportTraceServiceResponse } = messages.opentelemetry.proto.collector.trace.v1;

/** Starts a collector that speaks OTLP over gRPC. Source: opentelemetry-proto, collector/trace/v1/trace_service.proto */
export async function startTraceCollector(port = 0): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const server = new Server();
  server.register(
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    (call: { request: ExportRequest }, callback: (error: null, answer: object) => void) => {
      spans.push(...readSpans(call.request));
      callback(null, {});
    },
    (answer: object) => Buffer.from(ExportTraceServiceResponse.encode(answer).finish()),
    (bytes: Buffer): ExportRequest =>
      ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(bytes), {
        enums: String,
        longs: Number,
        defaults: true,
      }),
    "unary",
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, used) =>
      error === null ? resolve(used) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${bound}`,
    spans,
    named: (name) => spans.filter((span) => span.name === name),
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The parts of a request that are read here. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly {
        readonly traceId: Uint8Array;
        readonly spanId: Uint8Array;
        readonly parentSpanId: Uint8Array;
        readonly name: string;
        readonly kind: string;
        readonly attributes: readonly KeyValue[];
        readonly events: readonly { readonly attributes: readonly KeyValue[] }[];
        readonly status?: { readonly code: string; readonly message: string };
      }[];
    }[];
  }[];
}

function readSpans({ resourceSpans }: ExportRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, attributes, events, status }) => ({
        traceId: hex(traceId),
        spanId: hex(spanId),
        parentSpanId: hex(parentSpanId),
        name,
        kind,
        attributes: readAttributes(attributes),
        status: { code: status?.code ?? "STATUS_CODE_UNSET", message: status?.message ?? "" },
        exceptions: events.map((event) => readAttributes(event.attributes)["exception.message"] ?? ""),
        scope: scope.name,
        resource: readAttributes(resource.attributes),
      })),
    ),
  );
}

function readAttributes(attributes: readonly KeyValue[]): Record<string, AttributeValue> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [first] = ["stringValue", "intValue", "doubleValue", "boolValue"].flatMap((kind) => {
        const read = value[kind];
        return typeof read === "string" || typeof read === "number" || typeof read === "boolean" ? [read] : [];
      });
      return [key, first ?? ""];
    }),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
