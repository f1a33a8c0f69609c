import {
  context as active,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { errorAnswer } from "../errors.js";
import type { HttpTracing } from "../http/tracing.js";
import { redact } from "../secrets/known-secrets.js";
import { currentCall } from "../server/calls/work-scope.js";
import { recordError } from "./call-spans.js";

/**
 * What is active, but for a call that has ended: an instance's timer runs where it was made, in the call that opened the instance,
 * and the trace of that call must not grow with all that the timer does.
 */
function parentContext(): Context {
  const context = active.active();
  const isLeft = currentCall() === undefined && trace.getSpan(context)?.isRecording() === false;
  return isLeft ? ROOT_CONTEXT : context;
}

/**
 * Makes the spans of an HTTP client's requests, as children of the span that is active, and the headers that carry them to the
 * server. Names and attributes are those of the Go SDK's backend/httpclient/tracing_middleware.go.
 */
export function httpSpans(tracer: Tracer, propagator: TextMapPropagator): HttpTracing {
  return {
    start({ method, url, attributes }) {
      const parent = parentContext();
      const span = tracer.startSpan("HTTP Outgoing Request", { kind: SpanKind.CLIENT, attributes }, parent);
      const headers: Record<string, string> = {};
      propagator.inject(trace.setSpan(parent, span), headers, {
        set: (carrier, key, value) => {
          carrier[key] = value;
        },
      });
      return {
        headers,
        end(outcome) {
          span.setAttributes({ "http.url": redact(url), "http.method": method });
          if ("error" in outcome) {
            recordError(span, outcome.error, errorAnswer(outcome.error).message);
            span.setStatus({ code: SpanStatusCode.ERROR, message: "request failed" });
          } else {
            const { status, headers: answered } = outcome.response;
            const length = Number(answered.get("content-length") ?? 0);
            span.setAttributes({
              "http.status_code": status,
              ...(length > 0 ? { "http.content_length": length } : {}),
            });
            if (status >= 400) {
              span.setStatus({ code: SpanStatusCode.ERROR, message: `error with HTTP status code ${status}` });
            }
          }
          span.end();
        },
      };
    },
  };
}
