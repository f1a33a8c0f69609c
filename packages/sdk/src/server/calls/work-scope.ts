import { AsyncLocalStorage } from "node:async_hooks";
import type { CallContext } from "../../call-context.js";
import { type Logger, log } from "../../log/logger.js";

/** Work that fails as one: a call, or one query of a call. */
interface WorkScope {
  readonly log: Logger;
  readonly fail: (error: unknown) => void;
  /** Once it has aborted nobody waits for the work, and there is nothing left to fail. */
  readonly signal: AbortSignal;
  /** The work that this is a part of. */
  readonly parent: WorkScope | undefined;
}

const current = new AsyncLocalStorage<WorkScope>();
const running = new Set<WorkScope>();

/** At how many scopes those are looked for that will never settle; a listener at each signal would cost every call. */
const MIN_SWEPT = 256;
let sweepAt = MIN_SWEPT;

/**
 * Runs `work` so that an exception which nobody caught, or a promise whose rejection nobody handled, is tied to it: the
 * promise returned here rejects with it, while what is left of the work is on its own. It settles as `work` does otherwise.
 *
 * @param context names the work in the log line about such an error; once its signal aborts, nobody waits for the work, and
 *   there is nothing left to fail
 */
export function runInScope<T>(
  { log, signal }: Pick<CallContext, "log" | "signal">,
  work: () => T | Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = <V>(how: (value: V) => void) => {
      return (value: V): void => {
        running.delete(scope);
        how(value);
      };
    };
    const fail = settle(reject);
    const scope: WorkScope = { log, fail, signal, parent: current.getStore() };
    running.add(scope);
    sweep();
    current.run(scope, async () => work()).then(settle(resolve), fail);
  });
}

/** Forgets the work that nobody waits for. */
function sweep(): void {
  if (running.size < sweepAt) {
    return;
  }
  for (const scope of running) {
    if (scope.signal.aborted) {
      running.delete(scope);
    }
  }
  sweepAt = Math.max(MIN_SWEPT, 2 * running.size);
}

/** Has errors that nobody caught fail the work they belong to, and logged with their stack. The process lives on. */
export function watchUncaughtErrors(): void {
  process.on("uncaughtException", (error) => onUncaught("uncaught exception", error));
  process.on("unhandledRejection", (error) => onUncaught("unhandled rejection", error));
}

function onUncaught(what: string, error: unknown): void {
  const scope = current.getStore() ?? onlyWork();
  (scope?.log ?? log).error(what, { error });
  if (scope !== undefined && isAwaited(scope)) {
    scope.fail(error);
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
  const awaited = [...running].filter(isAwaited);
  const whole = new Set(awaited.map(({ parent }) => parent));
  const innermost = awaited.filter((scope) => !whole.has(scope));
  return innermost.length === 1 ? innermost[0] : undefined;
}

function isAwaited(scope: WorkScope): boolean {
  return running.has(scope) && !scope.signal.aborted;
}
