/**
 * Aborts a controller when any of some signals does, with that one's reason. Beside `AbortSignal.any` it holds on to nothing, and
 * nothing holds on to it, once it is told to stop.
 *
 * @returns stops following
 */
export function followSignals(controller: AbortController, signals: readonly AbortSignal[]): () => void {
  const follow = (event: Event): void => {
    if (event.target instanceof AbortSignal) {
      controller.abort(event.target.reason);
    }
  };
  for (const signal of signals) {
    if (signal.aborted) {
      controller.abort(signal.reason);
    } else {
      signal.addEventListener("abort", follow, { once: true });
    }
  }
  return () => {
    for (const signal of signals) {
      signal.removeEventListener("abort", follow);
    }
  };
}
