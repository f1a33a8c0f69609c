import { log } from "../log/logger.js";
import { currentCall } from "../server/calls/work-scope.js";
import { currentTracing } from "../tracing/current-tracing.js";
import type { HttpCall } from "./http-call.js";
import type { HttpSpan, HttpSpanStart, HttpTracing } from "./tracing.js";

/**
 * Begins the span of a request, by the client's own tracing or the process's. Where nothing is traced, the trace that Grafana's call
 * belongs to is handed on all the same, as the Go SDK does: Grafana and the data source may trace without the plugin. A tracing
 * that throws is told of in the log; the request goes on.
 */
export function traceRequest(
  tracing: HttpTracing | undefined,
  request: HttpSpanStart,
  call: HttpCall | undefined,
): HttpSpan | undefined {
  const own = tracing ?? currentTracing()?.http;
  if (own === undefined) {
    const headers = currentCall()?.traceHeaders;
    return headers === undefined ? undefined : { headers, end() {} };
  }
  const span = attempt("begun", () => own.start(request, call));
  return span && { headers: span.headers, end: (outcome) => attempt("ended", () => span.end(outcome)) };
}

function attempt<T>(what: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    log.warn(`the span of a request cannot be ${what}`, { error });
    return undefined;
  }
}
