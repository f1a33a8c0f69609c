/** Keeps long work from holding up everything else that runs in the process. */
export interface Pacer {
  /** Whether enough work was done since the last pause that another is due. */
  due(): boolean;
  /** Lets the event loop run once. Throws the signal's reason if the work was cancelled. */
  pause(): Promise<void>;
}

/** How long the event loop may be held, in ms. */
const SLICE_MS = 10;

/** Starts the clock for one piece of long work, which `signal` cancels. Throws at once if it is already aborted. */
export function createPacer(signal: AbortSignal | undefined): Pacer {
  signal?.throwIfAborted();
  let sliceEnd = performance.now() + SLICE_MS;
  return {
    due: () => performance.now() >= sliceEnd,
    async pause() {
      await macrotask();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    },
  };
}

/** Resolves after the event loop went round. Browsers hold nested `setTimeout` back by 4 ms, a message they do not. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof globalThis.setImmediate === "function") {
      globalThis.setImmediate(resolve);
    } else {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener("message", () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(undefined);
    }
  });
}
