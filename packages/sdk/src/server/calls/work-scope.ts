import { AsyncLocalStorage } from "node:async_hooks";
import type { CallContext } from "../../call-context.js";
import type { CallFailure, CallRecord } from "../../calls/call-record.js";
import { type Logger, log } from "../../log/logger.js";

/** Work that fails as one: a call, or one query of a call. */
interface WorkScope {
  readonly log: Logger;
  /** Once it has aborted nobody waits for the work, and there is nothing left to fail. */
  readonly signal: AbortSignal;
  /** Undefined once the work is done: what it left running must not keep its answer alive. */
  fail: ((error: unknown) => void) | undefined;
  /** Work that began inside this and is not done. */
  readonly parts: Set<WorkScope>;
  /** The call that the work belongs to. */
  readonly call: CallRecord | undefined;
}

const current = new AsyncLocalStorage<WorkScope>();

/** Work that is not a part of other work. */
const running = new Set<WorkScope>();

/**
 * Runs `work` so that an exception which nobody caught, or a promise whose rejection nobody handled, is tied to it: the
 * promise returned here rejects with it, while what is left of the work is on its own. It settles as `work` does otherwise.
 *
 * @param context names the work in the log line about such an error; once its signal aborts, nobody waits for the work, and
 *   there is nothing left to fail
 * @param call the call that the work is for; that of the work around it unless given
 */
export function runInScope<T>(
  { log, signal }: Pick<CallContext, "log" | "signal">,
  work: () => T | Promise<T>,
  call?: CallRecord,
): Promise<T> {
  const parent = current.getStore();
  const siblings = parent === undefined || isDone(parent) ? running : parent.parts;
  return new Promise((resolve, reject) => {
    const settle = <V>(how: (value: V) => void) => {
      return (value: V): void => {
        end();
        how(value);
      };
    };
    const fail = settle(reject);
    const scope: WorkScope = { log, signal, fail, parts: new Set(), call: call ?? parent?.call };
    const end = (): void => {
      siblings.delete(scope);
      if (siblings === running) {
        signal.removeEventListener("abort", end);
      }
      abandon(scope);
    };
    siblings.add(scope);
    if (signal.aborted) {
      end();
    } else if (siblings === running) {
      // For the whole alone: the work around a part ends at an abort, and all its parts with it.
      signal.addEventListener("abort", end);
    }
    current.run(scope, async () => work()).then(settle(resolve), fail);
  });
}

function isDone(scope: WorkScope): boolean {
  return scope.fail === undefined;
}

/** Nobody waits for the work any more, nor for its parts. */
function abandon(scope: WorkScope): void {
  scope.fail = undefined;
  for (const part of scope.parts) {
    abandon(part);
  }
  scope.parts.clear();
}

/** The call that the running code works for, where there is one that has not ended. */
export function currentCall(): CallRecord | undefined {
  const call = current.getStore()?.call;
  return call?.isOver === false ? call : undefined;
}

/** Notes that the running call failed, though an answer comes of it that says so in its own way. */
export function noteFailure(failure: CallFailure): void {
  currentCall()?.fail(failure);
}

/** Has errors that nobody caught fail the work they belong to, and logged with their stack. The process lives on. */
export function watchUncaughtErrors(): void {
  process.on("uncaughtException", (error) => onUncaught("uncaught exception", error));
  process.on("unhandledRejection", (error) => onUncaught("unhandled rejection", error));
}

function onUncaught(what: string, error: unknown): void {
  const scope = current.getStore() ?? onlyWork();
  (scope?.log ?? log).error(what, { error });
  if (scope !== undefined && !scope.signal.aborted) {
    scope.fail?.(error);
  }
}

/**
 * The work that runs, where it is the only one. Bun calls the listener for unhandled rejections, and that for exceptions
 * of some callbacks, outside the context they came from (https://github.com/oven-sh/bun/issues/40223); Node never does, and
 * there an error without a context belongs to no call.
 */
function onlyWork(): WorkScope | undefined {
  if (!("bun" in process.versions)) {
    return undefined;
  }
  const innermost = [...running].flatMap(innermostOf);
  return innermost.length === 1 ? innermost[0] : undefined;
}

function innermostOf(scope: WorkScope): WorkScope[] {
  if (scope.signal.aborted) {
    return [];
  }
  const inner = [...scope.parts].flatMap(innermostOf);
  return inner.length === 0 ? [scope] : inner;
}
