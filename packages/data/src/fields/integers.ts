import { emptyBitmap, setBit } from "../bitmap.js";
import { int64Column } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";
import { fitsInt64, halvesOf, writeSafeInteger } from "../int64.js";

/**
 * A field of signed 64-bit integers. `null` and `undefined` are rows without a value.
 *
 * A `number` must be whole and within ±(2^53 - 1), beyond which it is no longer exact; a `bigint` may be any int64.
 * A `BigInt64Array` is taken as it is, without a copy: do not change it afterwards. Other typed arrays are converted.
 *
 * @throws {FrameError} naming the row, if a value is not an integer or does not fit
 */
export function integers(values: ArrayLike<number | bigint | null | undefined>, options: FieldOptions = {}): Field {
  if (values instanceof BigInt64Array) {
    return unnamedField(int64Column(values), options);
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
    if (typeof value === "number" && Number.isSafeInteger(value)) {
      writeSafeInteger(halves, row, value);
    } else if (typeof value === "bigint" && fitsInt64(value)) {
      target[row] = value;
    } else {
      throw new FrameError(problemOf(value), { field: options.name, row });
    }
    setBit(validity, row);
  }
  return unnamedField(int64Column(target, validity), options);
}

function problemOf(value: unknown): string {
  if (typeof value === "bigint") {
    return `${describe(value)} does not fit in 64 bits`;
  }
  return Number.isInteger(value)
    ? `${describe(value)} is too large for a number to be exact; give it as a bigint`
    : `${describe(value)} is not an integer`;
}
