import { currentCall } from "../server/calls/work-scope.js";
import { currentTracing } from "../tracing/current-tracing.js";
import type { HttpCall } from "./http-call.js";
import type { HttpSpan, HttpSpanStart, HttpTracing } from "./tracing.js";

/**
 * Begins the span of a request, by the client's own tracing or the process's. Where nothing is traced, the trace that Grafana's call
 * belongs to is handed on all the same, as the Go SDK does: Grafana and the data source may trace without the plugin.
 */
export function traceRequest(
  tracing: HttpTracing | undefined,
  request: HttpSpanStart,
  call: HttpCall | undefined,
): HttpSpan | undefined {
  const own = tracing ?? currentTracing()?.http;
  if (own !== undefined) {
    return own.start(request, call);
  }
  const headers = currentCall()?.traceHeaders;
  return headers === undefined ? undefined : { headers, end() {} };
}
