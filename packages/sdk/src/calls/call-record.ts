import type { PluginContext } from "@framewright/protocol";
import type { ErrorAnswer, ErrorSource } from "../errors.js";
import type { RpcName } from "../middleware/middleware.js";

/** How a call went, in the words of the Go SDK's `RequestStatus`. */
export type CallResult = "ok" | "cancelled" | "error";

/** What a call is, and what becomes of it: for whoever counts, logs or traces it. */
export interface CallRecord {
  readonly endpoint: RpcName;
  readonly pluginContext: PluginContext | undefined;
  /** The headers that name the trace the call belongs to, as they came. */
  readonly traceHeaders: Readonly<Record<string, string>>;
  readonly result: CallResult;
  /** Whose fault it is that the call failed; the plugin's where it did not, as in the Go SDK. */
  readonly source: ErrorSource;
  /** Whether the call has ended: what its handler left running, an instance's timers for example, works for no call. */
  readonly isOver: boolean;
  /** Notes a failure, one of several perhaps: a failed query leaves the others. */
  fail(failure: CallFailure): void;
  /** Notes that the call has ended, and lets go of what it came with. */
  finish(): void;
}

/** A failure as it is answered. */
export type CallFailure = Pick<ErrorAnswer, "status" | "source">;

/** The status that stands for a call that the host cancelled. */
const CANCELLED = 499;

/**
 * Makes the record of a call that has just come. Of several failures an error weighs more than a cancellation, and one of the
 * plugin's more than those downstream. Source: the Go SDK's backend/request_status.go and backend/error_source_middleware.go.
 */
export function createCallRecord(call: Pick<CallRecord, "endpoint" | "pluginContext" | "traceHeaders">): CallRecord {
  let result: CallResult = "ok";
  let source: ErrorSource | undefined;
  let pluginContext = call.pluginContext;
  let isOver = false;
  return {
    endpoint: call.endpoint,
    traceHeaders: call.traceHeaders,
    get pluginContext() {
      return pluginContext;
    },
    get isOver() {
      return isOver;
    },
    get result() {
      return result;
    },
    get source() {
      return source ?? "plugin";
    },
    fail(failure) {
      if (result !== "error") {
        result = failure.status === CANCELLED ? "cancelled" : "error";
      }
      if (source !== "plugin") {
        source = failure.source;
      }
    },
    finish() {
      isOver = true;
      pluginContext = undefined;
    },
  };
}
