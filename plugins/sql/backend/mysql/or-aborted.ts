/** What a promise comes to, or the signal's reason where that comes first; nobody waits for the promise then. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    const settled = (): void => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(settled);
    if (signal.aborted) {
      abort();
    }
  });
}
