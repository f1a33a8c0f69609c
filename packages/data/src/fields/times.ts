import { emptyBitmap, setBit } from "../bitmap.js";
import { timeColumn } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";
import { fitsInt64, halvesOf, writeMilliseconds } from "../int64.js";

/** A moment: a `Date`, milliseconds since 1970 as a `number`, or nanoseconds since 1970 as a `bigint`. */
export type TimeValue = Date | number | bigint;

/**
 * A field of moments in time, exact to the nanosecond. `null` and `undefined` are rows without a value.
 *
 * Held as int64 nanoseconds since 1970-01-01T00:00:00Z, which reach from the year 1677 to 2262. A `number` may have
 * a fraction of a millisecond. A `BigInt64Array` of nanoseconds is taken as it is, without a copy: do not change it
 * afterwards.
 *
 * @throws {FrameError} naming the row, if a value is no moment (such as an invalid `Date`) or out of range
 */
export function times(values: ArrayLike<TimeValue | null | undefined>, options: FieldOptions = {}): Field {
  if (values instanceof BigInt64Array) {
    return unnamedField(timeColumn(values), options);
  }
  const { length } = values;
  const target = new BigInt64Array(length);
  const halves = halvesOf(target);
  const validity = emptyBitmap(length);
  for (let row = 0; row < length; row++) {
    const value: unknown = values[row];
    if (value === null || value === undefined) {
      continue;
    }
    if (typeof value === "bigint" && fitsInt64(value)) {
      target[row] = value;
    } else if (!writeMilliseconds(halves, row, millisecondsOf(value))) {
      throw new FrameError(problemOf(value), { field: options.name, row });
    }
    setBit(validity, row);
  }
  return unnamedField(timeColumn(target, validity), options);
}

/** NaN for what is no moment. */
function millisecondsOf(value: unknown): number {
  if (typeof value === "number") {
    return value;
  }
  return value instanceof Date ? value.getTime() : Number.NaN;
}

function problemOf(value: unknown): string {
  if (typeof value === "bigint" || Number.isFinite(millisecondsOf(value))) {
    return `${describe(value)} is outside the years 1677 to 2262 that nanoseconds in 64 bits can hold`;
  }
  return `${describe(value)} is not a time; give a Date, milliseconds as a number or nanoseconds as a bigint`;
}
