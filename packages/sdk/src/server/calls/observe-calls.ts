import type { PluginContext } from "@framewright/protocol";
import { type CallFailure, type CallRecord, createCallRecord } from "../../calls/call-record.js";
import { errorAnswer } from "../../errors.js";
import type { LogFields, Logger } from "../../log/logger.js";
import { countRequest, rpcMetrics } from "../../metrics/call-metrics.js";
import type { RpcName } from "../../middleware/middleware.js";
import { currentTracing } from "../../tracing/current-tracing.js";
import { traceHeadersOf, traceIdOf } from "../../tracing/trace-headers.js";
import type { CallHeaders } from "../grpc/server-call.js";
import type { StatusCode } from "../grpc/status.js";

/** One RPC whose calls are counted, logged and traced. */
export interface ObservedRpc<Req, Res> {
  /** `/service/method`. */
  readonly path: string;
  readonly type: "unary" | "server_stream";
  /** The name of the plugin's handler; undefined for an RPC that is go-plugin's own. */
  readonly endpoint: RpcName | undefined;
  /** What the call is for, as the request says. */
  readonly pluginContextOf: (request: Req) => PluginContext | undefined;
  /** Failures that an answer tells of. */
  readonly failuresOf: (message: Res) => readonly CallFailure[];
}

/** One call, from its arrival to its end. */
export interface ObservedCall<Res> {
  /** What every log line of the call says. */
  readonly logFields: LogFields;
  readonly record: CallRecord | undefined;
  /** Runs the handler where what it does finds the call's span. */
  run<T>(work: () => T): T;
  /** A message of the answer is about to be sent. */
  answered(message: Res): void;
  /** The call is over. To be called once. */
  end(code: StatusCode, log: Logger, error?: unknown): void;
}

/**
 * Begins to follow the calls of an RPC: gives the function that follows each.
 *
 * @param requestLog whether each call has a line in the log
 */
export function observeCalls<Req, Res>(
  rpc: ObservedRpc<Req, Res>,
  requestLog: boolean,
): (request: Req, headers: CallHeaders) => ObservedCall<Res> {
  const { path, endpoint, failuresOf } = rpc;
  const metrics = rpcMetrics(path, rpc.type);
  // As in the Go SDK, who collects metrics leaves no trace in what is collected, but for gRPC's own.
  const isRequest = endpoint !== undefined && endpoint !== "collectMetrics";

  return (request, headers) => {
    const started = performance.now();
    metrics.started();
    const traceHeaders = traceHeadersOf(headers);
    const record =
      endpoint === undefined
        ? undefined
        : createCallRecord({ endpoint, pluginContext: rpc.pluginContextOf(request), traceHeaders });
    const trace = isRequest && record !== undefined ? currentTracing()?.startCall(path, record, headers) : undefined;
    let over = false;
    const traceId = trace?.traceId ?? traceIdOf(traceHeaders);
    return {
      logFields: { endpoint: endpoint ?? path, ...(traceId === undefined ? {} : { traceId }) },
      record,
      run: (work) => (trace === undefined ? work() : trace.run(work)),
      answered(message) {
        // What a handler comes to after the host gave up goes nowhere.
        if (over) {
          return;
        }
        metrics.sent();
        for (const failure of failuresOf(message)) {
          record?.fail(failure);
        }
      },
      end(code, log, error) {
        over = true;
        const ms = performance.now() - started;
        metrics.handled(code, ms / 1_000);
        if (error !== undefined) {
          record?.fail(errorAnswer(error));
        }
        if (record === undefined || !isRequest) {
          record?.finish();
          return;
        }
        const { result, source } = record;
        countRequest(record.endpoint, result, source);
        trace?.end(code, error);
        record.finish();
        if (requestLog) {
          const fields = { status: result, duration: `${ms.toFixed(3)}ms`, statusSource: source };
          // The Go SDK's words, so that whoever searches the log finds both.
          log[result === "error" ? "error" : "info"]("Plugin Request Completed", {
            ...fields,
            ...(error === undefined ? {} : { error: errorAnswer(error).message }),
          });
        }
      },
    };
  };
}
