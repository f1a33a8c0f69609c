import {
  type Attributes,
  context as active,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapPropagator,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { CallRecord } from "../calls/call-record.js";
import { textOf } from "../errors/read-error.js";
import { errorAnswer } from "../errors.js";
import { redact } from "../secrets/known-secrets.js";
import type { CallHeaders } from "../server/grpc/server-call.js";
import { type StatusCode, status, statusName } from "../server/grpc/status.js";
import type { CallTrace, Tracing } from "./current-tracing.js";

/** Reads the headers of a trace in those of a call. */
const fromHeaders: TextMapGetter<CallHeaders> = {
  keys: (headers) => Object.keys(headers),
  get: (headers, key) => headers[key.toLowerCase()],
};

/** Statuses that mean an error of the server's; others are the caller's. Source: OpenTelemetry's conventions for gRPC. */
const SERVER_ERRORS = new Set<StatusCode>([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/**
 * Makes the spans of calls: one for the RPC, one for the handler in it, with the names and attributes that they have in a plugin
 * made with the Go SDK (its backend/tracing_middleware.go, and otelgrpc around it).
 */
export function startCallSpans(tracer: Tracer, propagator: TextMapPropagator): Tracing["startCall"] {
  return (path, record, headers) => {
    const parent = propagator.extract(ROOT_CONTEXT, headers, fromHeaders);
    const method = path.slice(1);
    const rpc = tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { "rpc.system.name": "grpc", "rpc.method": method } },
      parent,
    );
    const inRpc = trace.setSpan(parent, rpc);
    const handler = tracer.startSpan(`sdk.${record.endpoint}`, { attributes: attributesOf(record) }, inRpc);
    return callTrace(rpc, handler, record, (work) => active.with(trace.setSpan(inRpc, handler), work));
  };
}

function callTrace(rpc: Span, handler: Span, record: CallRecord, run: CallTrace["run"]): CallTrace {
  return {
    traceId: handler.spanContext().traceId,
    run,
    end(code, error) {
      handler.setAttributes({ request_status: record.result, status_source: record.source });
      rpc.setAttribute("rpc.response.status_code", statusName(code));
      if (error !== undefined) {
        const { message } = errorAnswer(error);
        recordError(handler, error, message);
        if (SERVER_ERRORS.has(code)) {
          rpc.setStatus({ code: SpanStatusCode.ERROR, message });
        }
      }
      handler.end();
      rpc.end();
    },
  };
}

/** Marks a span as failed, with nothing of a secret in it. */
export function recordError(span: Span, error: unknown, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  const name = error instanceof Error ? textOf(error, "name") : "";
  const stack = error instanceof Error ? textOf(error, "stack") : "";
  span.recordException({
    name: name === "" ? "Error" : name,
    message,
    ...(stack === "" ? {} : { stack: redact(stack) }),
  });
}

function attributesOf({ pluginContext }: CallRecord): Attributes {
  const source = pluginContext?.dataSourceInstanceSettings;
  const user = pluginContext?.user;
  return {
    plugin_id: pluginContext?.pluginId ?? "",
    org_id: Number(pluginContext?.orgId ?? 0n),
    ...(source === undefined ? {} : { datasource_name: source.name, datasource_uid: source.uid }),
    ...(user === undefined ? {} : { user: user.name }),
  };
}
