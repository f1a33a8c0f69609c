import { columnBuilder } from "../build/column-builder.js";
import { describe, FrameError } from "../frame-error.js";
import { type Instant, parseTimeText } from "../time-text.js";
import type { RowColumn, RowColumnOptions } from "./row-column.js";
import type { Epoch } from "./row-field.js";

const NS_PER_SECOND = 1_000_000_000;

/** How many of each unit make a second. */
const perSecond: Readonly<Record<Epoch, number>> = { s: 1, ms: 1e3, us: 1e6, ns: NS_PER_SECOND };

/** A text of digits, perhaps with a fraction. */
const digits = /^([+-]?\d{1,20})(?:\.(\d{1,20}))?$/;

/**
 * The column of a field of times. A text is read as `readCsv` reads it, so that one without an offset is UTC. Numbers,
 * bigints and texts of digits count `epoch`; without it, numbers are milliseconds and bigints nanoseconds.
 */
export function timeRowColumn(epoch: Epoch | undefined, options: RowColumnOptions): RowColumn {
  const { field } = options;
  const builder = columnBuilder("time", options);
  const instant: Instant = { seconds: 0, nanoseconds: 0 };

  function fail(problem: string): never {
    throw new FrameError(problem, { field, row: builder.length });
  }

  function appendNumber(value: number, unit: Epoch): void {
    if (unit === "ms") {
      builder.append(value);
    } else if (!Number.isFinite(value)) {
      fail(`${value} is not a time`);
    } else if (unit === "ns" && !Number.isSafeInteger(value)) {
      fail(`${value} nanoseconds are not exact as a number; give them as a bigint or a text`);
    } else {
      const [seconds, nanoseconds] = splitSeconds(value, unit);
      builder.appendInstant(seconds, nanoseconds);
    }
  }

  function appendText(text: string): void {
    if (parseTimeText(text, instant)) {
      builder.appendInstant(instant.seconds, instant.nanoseconds);
      return;
    }
    const count = epoch === undefined ? undefined : nanosecondsOf(text, epoch);
    if (count !== undefined) {
      builder.append(count);
      return;
    }
    const isCount = epoch === undefined && digits.test(text);
    fail(`${describe(text)} is not a time${isCount ? '; say by "epoch" what its digits count' : ""}`);
  }

  return {
    append(value) {
      if (typeof value === "number") {
        appendNumber(value, epoch ?? "ms");
      } else if (typeof value === "bigint") {
        builder.append(value * BigInt(NS_PER_SECOND / perSecond[epoch ?? "ns"]));
      } else if (typeof value === "string") {
        appendText(value);
      } else if (value instanceof Date || value === null || value === undefined) {
        builder.append(value);
      } else {
        fail(`${describe(value)} is not a time`);
      }
    },
    finish: () => builder.finish(),
  };
}

/**
 * A finite number as seconds and the nanoseconds above them. Of seconds, a fraction counts to the microsecond, which is
 * what a number of today's seconds can tell apart.
 */
function splitSeconds(value: number, unit: Epoch): [seconds: number, nanoseconds: number] {
  const units = perSecond[unit];
  const seconds = Math.floor(value / units);
  const rest = value - seconds * units;
  const nanoseconds = unit === "s" ? Math.round(rest * 1e6) * 1e3 : Math.round(rest * (NS_PER_SECOND / units));
  return nanoseconds < NS_PER_SECOND ? [seconds, nanoseconds] : [seconds + 1, nanoseconds - NS_PER_SECOND];
}

/** Exact nanoseconds of a count of units; undefined where the text is none, or says more than nanoseconds. */
function nanosecondsOf(text: string, unit: Epoch): bigint | undefined {
  const [, whole, fraction = ""] = digits.exec(text) ?? [];
  const places = String(NS_PER_SECOND / perSecond[unit]).length - 1;
  if (whole === undefined || /[1-9]/.test(fraction.slice(places))) {
    return undefined;
  }
  return BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
}
