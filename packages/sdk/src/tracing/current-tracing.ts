import type { CallRecord } from "../calls/call-record.js";
import type { HttpTracing } from "../http/tracing.js";
import type { CallHeaders } from "../server/grpc/server-call.js";
import type { StatusCode } from "../server/grpc/status.js";

/** Makes spans of this process's calls and requests and sends them off. It exists only where Grafana asks for it. */
export interface Tracing {
  /**
   * Begins the span of a call, as a part of the trace that its headers name.
   *
   * @param path `/service/method`
   */
  startCall(path: string, record: CallRecord, headers: CallHeaders): CallTrace;
  readonly http: HttpTracing;
  /** Sends the spans that have ended so far. Never rejects. */
  flush(): Promise<void>;
  /** Sends what is left, and waits for what is being sent. Never rejects. */
  shutdown(): Promise<void>;
}

/** The spans of one call. */
export interface CallTrace {
  readonly traceId: string;
  /** Runs work within the span: spans that it begins are children. */
  run<T>(work: () => T): T;
  /** Ends the span. To be called once, when the record says how the call went. */
  end(code: StatusCode, error: unknown): void;
}

let current: Tracing | undefined;

/** The process's tracing; undefined where nothing is traced. */
export function currentTracing(): Tracing | undefined {
  return current;
}

export function setCurrentTracing(tracing: Tracing): void {
  current = tracing;
}
