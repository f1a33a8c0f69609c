/** How long a replaced instance waits for its last calls before it is disposed under them, in ms; the Go SDK's figure. */
const GRACE_MS = 5_000;

/** The last time of an instance that was replaced or given up. */
export interface Retirement {
  /** Whether calls that were on their way may still begin to use the instance. */
  readonly lingers: boolean;
  /** Resolves when the instance is to be disposed. */
  readonly ended: Promise<void>;
  /** To be called when a use has ended: it may have been the last one. */
  check(): void;
  /** Ends it at once. */
  end(): void;
}

/**
 * Begins the last time of an instance. It ends once nobody uses the instance and `lingerMs` have gone by; under its users when
 * they have had it for 5 s since it was both open and given up.
 *
 * @param opened settles when the instance is open, or failed to be
 */
export function createRetirement(lingerMs: number, opened: Promise<unknown>, isUsed: () => boolean): Retirement {
  const timers: NodeJS.Timeout[] = [];
  let lingers = lingerMs > 0;
  let over = false;
  let onEnd = (): void => {};
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });

  function end(): void {
    over = true;
    timers.forEach(clearTimeout);
    onEnd();
  }
  function check(): void {
    if (!lingers && !isUsed()) {
      end();
    }
  }
  function later(ms: number, then: () => void): void {
    if (!over) {
      timers.push(setTimeout(then, ms).unref());
    }
  }

  const beginGrace = (): void => later(GRACE_MS, end);
  opened.then(beginGrace, beginGrace);
  later(lingerMs, () => {
    lingers = false;
    check();
  });
  check();
  return {
    get lingers() {
      return lingers;
    },
    ended,
    check,
    end,
  };
}
