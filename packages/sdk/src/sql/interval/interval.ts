import { DownstreamError } from "../../errors.js";
import { parseDuration } from "./duration.js";

const NS_PER_MS = 1_000_000n;
const MS_PER_DAY = 86_400_000;

/** Units of {@link formatInterval}, the longest first, in ms. */
const formatUnits: readonly (readonly [unit: string, ms: number])[] = [
  ["y", 365 * MS_PER_DAY],
  ["d", MS_PER_DAY],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
];

/** A text longer than this is no interval, whatever it says. */
const MAX_LENGTH = 64;

/**
 * Nanoseconds of an interval as Grafana writes it: a number of days, weeks, months or years (`1d`, `2w`, `1M`, `1y`), or
 * a duration as Go writes it (`5m`, `1h30m`, `1.5s`, `100ms`). Months and years are those that begin at `now`, in UTC.
 *
 * Source: `ParseInterval` of the Go SDK's `gtime`.
 *
 * @throws {DownstreamError} with status 400, if the text is no interval or one that is not longer than nothing
 */
export function parseInterval(text: string, now: Date = new Date()): bigint {
  const interval = readInterval(text, now);
  if (typeof interval === "string") {
    throw new DownstreamError(interval, { status: 400 });
  }
  return interval;
}

/** What {@link parseInterval} gives; or, in words, what is wrong. */
export function readInterval(text: string, now: Date): bigint | string {
  const nanoseconds = text.length > MAX_LENGTH ? undefined : (calendarInterval(text, now) ?? parseDuration(text));
  const shown = JSON.stringify(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);
  if (nanoseconds === undefined) {
    return `${shown} is no interval; write a number and a unit, such as 5m, 1h or 1d`;
  }
  return nanoseconds > 0n ? nanoseconds : `an interval must be longer than nothing, and ${shown} is not`;
}

function calendarInterval(text: string, now: Date): bigint | undefined {
  const [, digits, unit] = /^(\d+)([dwMy])$/.exec(text) ?? [];
  if (digits === undefined) {
    return undefined;
  }
  const count = Number(digits);
  const ms = unit === "d" || unit === "w" ? count * (unit === "d" ? 1 : 7) * MS_PER_DAY : calendarMs(now, count, unit);
  // What a Go duration cannot hold would be cut off there.
  return ms * 1_000_000 < 2 ** 63 ? BigInt(ms) * NS_PER_MS : undefined;
}

/** The length of so many months or years from `now` on. NaN where a Date does not reach. */
function calendarMs(now: Date, count: number, unit: string | undefined): number {
  const end = new Date(now);
  if (unit === "M") {
    end.setUTCMonth(end.getUTCMonth() + count);
  } else {
    end.setUTCFullYear(end.getUTCFullYear() + count);
  }
  return end.getTime() - now.getTime();
}

/**
 * An interval in the largest unit of which it has one at least, without the rest: 90 s are `1m`, two weeks are `14d`.
 * What is below a millisecond is `1ms`.
 *
 * Source: `FormatInterval` of the Go SDK's `gtime`.
 *
 * @param ms milliseconds
 */
export function formatInterval(ms: number): string {
  const found = formatUnits.find(([, size]) => ms >= size);
  return found === undefined ? "1ms" : `${Math.floor(ms / found[1])}${found[0]}`;
}
