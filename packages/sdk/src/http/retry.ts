import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "../errors/code-of.js";
import { DownstreamError } from "../errors.js";
import type { HttpMiddleware } from "./middleware.js";
import { isStreamed } from "./streamed-requests.js";

/** When {@link retry} sends a request again. */
export interface RetryOptions {
  /** How often a request is sent at most, the first time included. 3 unless given. */
  readonly attempts?: number;
  /** Longest wait before the second attempt, in ms; it doubles with each one. 200 unless given. */
  readonly firstDelayMs?: number;
  /**
   * Longest wait of all, in ms. A server that asks for more by `Retry-After` is not asked again: its answer is returned.
   * 10,000 unless given.
   */
  readonly maxDelayMs?: number;
  /** Statuses to try again. 429, 502, 503 and 504 unless given. */
  readonly statuses?: readonly number[];
  /**
   * Methods to try again. Unless given, those that do no more when they are done twice (RFC 9110, section 9.2.2): GET, HEAD,
   * OPTIONS, TRACE, PUT, DELETE. Add POST only where a POST is a query.
   */
  readonly methods?: readonly string[];
  /** A number from 0 to below 1, for the share of the longest wait that is waited. `Math.random` unless given. */
  readonly random?: () => number;
}

/** Codes of failures that may be gone a moment later, and that no wrong setting causes. */
const TRANSIENT_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Makes a middleware that sends a request again when the server is busy or the network failed. It waits as long as
 * `Retry-After` says, else a random time up to a limit that doubles ("full jitter"), so that many panels do not come back
 * together. All of it, waits included, has to fit into the client's time-out. A body that is a stream is sent once.
 */
export function retry(options: RetryOptions = {}): HttpMiddleware {
  const attempts = options.attempts ?? 3;
  const maxDelayMs = options.maxDelayMs ?? 10_000;
  const statuses = new Set(options.statuses ?? [429, 502, 503, 504]);
  const methods = new Set(options.methods ?? ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
  const random = options.random ?? Math.random;
  const backOff = (attempt: number): number =>
    random() * Math.min(maxDelayMs, (options.firstDelayMs ?? 200) * 2 ** (attempt - 1));

  return async (request, next) => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts || !methods.has(request.method) || isStreamed(request);
      let waitMs: number;
      try {
        const response = await next(last ? request : request.clone());
        if (last || !statuses.has(response.status)) {
          return response;
        }
        waitMs = parseRetryAfter(response.headers.get("retry-after"), Date.now()) ?? backOff(attempt);
        if (waitMs > maxDelayMs) {
          return response;
        }
        await response.body?.cancel();
      } catch (error) {
        if (last || !isTransient(error)) {
          throw error;
        }
        waitMs = backOff(attempt);
      }
      await wait(waitMs, request.signal);
    }
  };
}

/**
 * Reads `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
 *
 * @param now the present, in ms since 1970
 * @returns ms to wait, 0 or more; undefined where there is none that can be read
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) {
    return undefined;
  }
  if (/^\s*\d+\s*$/.test(value)) {
    return Number(value) * 1_000;
  }
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function isTransient(error: unknown): boolean {
  return error instanceof DownstreamError && TRANSIENT_CODES.has(codeOf(error.cause));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // The timer's own error hides why: the caller cancelled, or the time-out passed.
    throw signal.reason;
  }
}
