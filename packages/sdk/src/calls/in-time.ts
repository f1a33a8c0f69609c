import type { CallContext } from "../call-context.js";
import { CALL_OVER } from "./call-over.js";

/** What is kept of a call's time to send the answer in: this part of it, but no more and no less than so many ms. */
const KEPT_PART = 0.1;
const MIN_KEPT_MS = 10;
const MAX_KEPT_MS = 500;

/** A call whose signal aborts while there is still time to say so. */
export interface CallInTime {
  readonly context: CallContext;
  /** Stops watching the time. To be called when the call is answered. */
  stop(): void;
}

/**
 * The call with a signal that aborts with the call's, and with a TimeoutError shortly before its deadline: a tenth of the time
 * it has, 500 ms at most. So what is late is answered as such, and what was done in time is not lost with it.
 */
export function inTime(call: CallContext): CallInTime {
  const { deadline, signal } = call;
  if (deadline === undefined) {
    return { context: call, stop: () => {} };
  }
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  const left = deadline.getTime() - Date.now();
  const kept = Math.min(MAX_KEPT_MS, Math.max(MIN_KEPT_MS, left * KEPT_PART));
  const timer = setTimeout(
    () => controller.abort(new DOMException("deadline exceeded before there was an answer", "TimeoutError")),
    Math.max(0, Math.min(left - kept, 2 ** 31 - 1)),
  );
  timer.unref();
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) {
    abort();
  }
  return {
    context: { ...call, signal: controller.signal },
    stop() {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      // A handler's context is over once its call was answered, as a Go handler's is.
      controller.abort(CALL_OVER);
    },
  };
}

/**
 * Waits for `work` unless the signal aborts before. What the work comes to after that is nobody's business.
 *
 * @throws what the work threw, or the signal's reason
 */
export function unlessAborted<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    (async () => work())()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}
