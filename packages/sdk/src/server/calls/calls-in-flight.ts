/** The calls that a plugin is answering, and how they end when the plugin does. */
export interface CallsInFlight {
  /** Set once the plugin ends: a new call is to be turned away. */
  readonly ending: boolean;
  /**
   * Counts a call in.
   *
   * @param abort gives the call up when the plugin cannot wait for it any longer
   * @returns counts the call out, once it was answered or the host no longer waits for it; to be called once
   */
  begin(abort: () => void): () => void;
  /**
   * Keeps a stream that lasts as long as the plugin, such as go-plugin's stdio. Nobody waits for it.
   *
   * @param close ends the stream when the plugin does
   * @returns forgets the stream, which the host has left
   */
  hold(close: () => void): () => void;
  /** Closes what is held, waits for the calls in flight, but no longer than `ms`, and aborts those that are left. */
  drain(ms: number): Promise<void>;
}

/** No calls yet. */
export function createCallsInFlight(): CallsInFlight {
  const calls = new Set<() => void>();
  const held = new Set<() => void>();
  let ending = false;
  let onIdle = (): void => {};

  const keep = (set: Set<() => void>, callback: () => void): (() => void) => {
    set.add(callback);
    return () => {
      set.delete(callback);
      if (calls.size === 0) {
        onIdle();
      }
    };
  };

  return {
    get ending() {
      return ending;
    },
    begin: (abort) => keep(calls, abort),
    hold: (close) => keep(held, close),
    async drain(ms) {
      ending = true;
      for (const close of held) {
        close();
      }
      if (calls.size > 0 && ms > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          onIdle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      for (const abort of calls) {
        abort();
      }
    },
  };
}
