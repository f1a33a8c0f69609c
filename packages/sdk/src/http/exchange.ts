import { DownstreamError } from "../errors.js";
import { followSignals } from "./follow-signals.js";

/**
 * One call of the client, from its start until the last byte of its answer is read: what ends it before, and when it is over.
 * Several requests may belong to it, by redirects and retries.
 */
export interface Exchange {
  /** Aborts with the reason of whichever signal it follows, or with the error for a time-out. */
  readonly signal: AbortSignal;
  /** Notes a request under way. The function that it returns is called, once or more, when that is over. */
  begin(): () => void;
  /** Says that no further request will begin. */
  settle(): void;
}

/** How an exchange may end early. */
export interface ExchangeOptions {
  /** Signals of the caller. */
  readonly signals: readonly (AbortSignal | undefined | null)[];
  /** Time for all of it, in ms; 0 is no limit. */
  readonly timeoutMs: number;
  /** Names the server in the error for a time-out. */
  readonly host: string;
}

/** Starts the clock of an exchange. */
export function startExchange({ signals, timeoutMs, host }: ExchangeOptions): Exchange {
  const controller = new AbortController();
  const unfollow = followSignals(
    controller,
    signals.filter((signal) => signal !== undefined && signal !== null),
  );
  const timer =
    timeoutMs > 0 ? setTimeout(() => controller.abort(timeoutError(host, timeoutMs)), timeoutMs) : undefined;
  // A body that nobody reads must not keep the process alive.
  timer?.unref();

  let open = 0;
  let settled = false;
  const endIfOver = (): void => {
    if (settled && open === 0) {
      clearTimeout(timer);
      unfollow();
    }
  };
  return {
    signal: controller.signal,
    begin() {
      open++;
      let over = false;
      return () => {
        if (!over) {
          over = true;
          open--;
          endIfOver();
        }
      };
    },
    settle() {
      settled = true;
      endIfOver();
    },
  };
}

function timeoutError(host: string, timeoutMs: number): DownstreamError {
  return new DownstreamError(
    `${host} did not answer completely within ${timeoutMs / 1_000} s; ask for less, or raise Timeout in the data source's settings`,
    { status: 504, cause: new DOMException("the time-out of an HTTP request has passed", "TimeoutError") },
  );
}
