import type { CallHeaders } from "../server/grpc/server-call.js";

/** W3C's headers, which Grafana sends as gRPC metadata. Source: https://www.w3.org/TR/trace-context/ */
const HEADERS = ["traceparent", "tracestate"] as const;

const NONE: Readonly<Record<string, string>> = {};

/** The trace that a call belongs to, by W3C's headers: to be named in the log, and handed on where nobody traces. */
export function traceHeadersOf(headers: CallHeaders): Readonly<Record<string, string>> {
  const parent = headers[HEADERS[0]];
  if (typeof parent !== "string") {
    return NONE;
  }
  const state = headers[HEADERS[1]];
  return typeof state === "string" ? { traceparent: parent, tracestate: state } : { traceparent: parent };
}

/** The trace's id, where there is a valid one: 32 hexadecimal digits that are not all zero. */
export function traceIdOf({ traceparent }: Readonly<Record<string, string>>): string | undefined {
  return traceparent === undefined
    ? undefined
    : /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent)?.[1];
}
