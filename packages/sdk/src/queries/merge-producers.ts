import { forEachLimited } from "./for-each-limited.js";

/** Hands a value on. Resolves when it was taken; rejects when nobody takes values any more. */
export type Emit<T> = (value: T) => Promise<void>;

interface Waiting<T> {
  readonly value: T;
  readonly taken: () => void;
  readonly refused: (reason: unknown) => void;
}

/**
 * Runs `produce` for each item side by side, up to `limit` of them, and yields what they emit in the order in which it comes.
 * None runs ahead: each has one value waiting at most.
 *
 * @param signal ends it, also while nothing comes
 * @throws the signal's reason, or what `produce` threw
 */
export async function* mergeProducers<Item, T>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  produce: (item: Item, emit: Emit<T>) => Promise<void>,
): AsyncGenerator<T> {
  const waiting: Waiting<T>[] = [];
  let wake = (): void => {};
  let running = true;
  let left = false;
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort, { once: true });

  const emit: Emit<T> = (value) =>
    new Promise((taken, refused) => {
      if (left) {
        refused(new DOMException("nobody takes the answer any more", "AbortError"));
      } else {
        waiting.push({ value, taken, refused });
        wake();
      }
    });
  const done = forEachLimited(items, limit, (item) => produce(item, emit)).finally(() => {
    running = false;
    wake();
  });
  // Thrown where it is waited for, unless nobody takes values any more.
  done.catch(() => {});

  try {
    while (true) {
      signal.throwIfAborted();
      const next = waiting.shift();
      if (next !== undefined) {
        next.taken();
        yield next.value;
      } else if (running) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        await done;
        return;
      }
    }
  } finally {
    left = true;
    signal.removeEventListener("abort", onAbort);
    for (const { refused } of waiting) {
      refused(signal.reason ?? new DOMException("nobody takes the answer any more", "AbortError"));
    }
  }
}
