import type { CallContext } from "../../call-context.js";
import { CALL_OVER } from "../../calls/call-over.js";
import { errorAnswer } from "../../errors.js";
import type { Logger } from "../../log/logger.js";
import type { ServerCall } from "../grpc/server-call.js";
import { type CallStatus, type StatusCode, status } from "../grpc/status.js";
import type { CallsInFlight } from "./calls-in-flight.js";
import type { ObservedCall } from "./observe-calls.js";

/** What a server needs for every call. */
export interface CallEnvironment {
  readonly log: Logger;
  readonly inFlight: CallsInFlight;
  /** Whether each call has a line in the log; those that fail have one in any case. */
  readonly requestLog?: boolean;
}

/** A call that is being answered. */
export interface RunningCall {
  readonly context: CallContext;
  /**
   * Notes that the host has its answer, or is about to have it. False when it already had one, or waits no longer.
   *
   * @param error why the call failed, where it did
   */
  answer(code: StatusCode, error?: unknown): boolean;
}

/** What a call gets that comes when the plugin ends, or has not been answered by then. */
export const ENDING: CallStatus = { code: status.UNAVAILABLE, details: "the plugin is ending" };

/**
 * Follows a call until it was answered, the host no longer waits for it, or the plugin ends.
 *
 * @param observed is told how it ended
 */
export function beginCall(
  call: ServerCall,
  { log, inFlight }: CallEnvironment,
  observed: ObservedCall<never>,
): RunningCall {
  const controller = new AbortController();
  const { deadline } = call;
  const callLog = log.with(observed.logFields);
  let answered = false;
  function answer(code: StatusCode, error?: unknown): boolean {
    if (answered) {
      return false;
    }
    answered = true;
    end();
    try {
      observed.end(code, callLog, error);
    } catch (problem) {
      // What only watches a call must not keep its answer from the host.
      callLog.error("a call's metrics and traces are incomplete", { error: problem });
    }
    return true;
  }
  const end = inFlight.begin(() => {
    const reason = new DOMException(ENDING.details, "AbortError");
    if (answer(ENDING.code, reason)) {
      controller.abort(reason);
      call.end(ENDING);
    }
  });
  call.onOver(() => {
    if (answered) {
      if (!controller.signal.aborted) {
        controller.abort(CALL_OVER);
      }
      return;
    }
    const reason = hostGaveUp(deadline);
    if (answer(reason.name === "TimeoutError" ? status.DEADLINE_EXCEEDED : status.CANCELLED, reason)) {
      controller.abort(reason);
    }
  });
  return {
    context: {
      signal: controller.signal,
      deadline: deadline === Number.POSITIVE_INFINITY ? undefined : new Date(deadline),
      log: callLog,
    },
    answer,
  };
}

/** The reason of the signal, by whose name an error is told apart from one of the plugin's own. */
function hostGaveUp(deadline: number): DOMException {
  return deadline <= Date.now()
    ? new DOMException("the call's deadline has passed", "TimeoutError")
    : new DOMException("the host cancelled the call", "AbortError");
}

/** Longest error message that is sent as a call's status, which travels in a header. */
const MAX_DETAILS = 4_000;

/** The status of a call whose handler threw. */
export function failedStatus(error: unknown): CallStatus {
  const { message } = errorAnswer(error);
  const details = message.length > MAX_DETAILS ? `${message.slice(0, MAX_DETAILS)}…` : message;
  return { code: status.UNKNOWN, details };
}

/** Logs what a handler threw. What fails because nobody waits for it any longer is no news. */
export function logFailedCall({ signal, log }: CallContext, error: unknown): void {
  log[signal.aborted ? "debug" : "error"]("call failed", { error });
}
