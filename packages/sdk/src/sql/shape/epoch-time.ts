import { type Column, columnBuilder, FrameError, isNumericType, type TypedColumn, valueAt } from "@framewright/data";
import { readNumber } from "../types/read-number.js";
import { readTimestamp } from "../types/read-timestamp.js";

/**
 * A column of times made of one of numbers or of texts.
 *
 * Numbers are counted from 1970 in the unit that their size suggests: seconds from a thousand million on, milliseconds,
 * microseconds from 10^15 on, nanoseconds from 10^18 on. Seconds reach back to 2001 so; where it is known that
 * they are meant, they reach further. Milliseconds are cut off to whole ones, as Grafana's own data sources do. Texts are moments
 * as databases write them, or such numbers.
 *
 * @param inSeconds whether numbers that are too small for seconds are seconds all the same
 * @returns in words what is wrong, if a value is no time
 */
export function epochTimes(column: Column, inSeconds: boolean): TypedColumn<"time"> | string {
  if (column.type === "time") {
    return column;
  }
  const read = readerOf(column, inSeconds);
  if (read === undefined) {
    return `is of type ${column.type}, which is no time`;
  }
  const builder = columnBuilder("time", { capacity: column.length });
  for (let row = 0; row < column.length; row++) {
    const moment = read(row);
    try {
      if (moment !== undefined) {
        builder.append(moment);
        continue;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
    }
    return `${JSON.stringify(String(valueAt(column, row)).slice(0, 40))} in row ${row + 1} is no time`;
  }
  return builder.finish();
}

/** What reads a row: milliseconds as a `number`, nanoseconds as a `bigint`, `null` where there is none, `undefined` for what is no time. */
type ReadMoment = (row: number) => number | bigint | null | undefined;

function readerOf(column: Column, inSeconds: boolean): ReadMoment | undefined {
  if (column.type === "string") {
    const { bytes, offsets } = column;
    return (row) => {
      if (valueAt(column, row) === null) {
        return null;
      }
      const start = offsets[row] ?? 0;
      const end = offsets[row + 1] ?? start;
      const number = readNumber(bytes, start, end);
      return number === undefined ? readTimestamp(bytes, start, end) : fromNumber(number, inSeconds);
    };
  }
  if (!isNumericType(column.type)) {
    return undefined;
  }
  return (row) => {
    const value = valueAt(column, row);
    if (typeof value === "bigint") {
      return fromInteger(value, inSeconds);
    }
    return typeof value === "number" ? fromNumber(value, inSeconds) : null;
  };
}

function fromNumber(value: number, inSeconds: boolean): number | bigint {
  const size = Math.abs(value);
  if ((size >= 1e9 && size < 1e10) || (size < 1e9 && inSeconds)) {
    return Math.trunc(value * 1_000);
  }
  if (size >= 1e15 && size < 1e16) {
    return Math.trunc(value / 1_000);
  }
  return Math.trunc(size >= 1e18 && size < 1e19 ? value / 1_000_000 : value);
}

/** As for other numbers, but exact. */
function fromInteger(value: bigint, inSeconds: boolean): number | bigint {
  const size = value < 0n ? -value : value;
  if (size >= 10n ** 18n) {
    return value;
  }
  return size >= 10n ** 15n && size < 10n ** 16n ? value * 1_000n : fromNumber(Number(value), inSeconds);
}
