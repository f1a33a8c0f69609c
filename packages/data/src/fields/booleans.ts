import { emptyBitmap, setBit } from "../bitmap.js";
import { booleanColumn } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";

/**
 * A field of truth values. `null` and `undefined` are rows without one.
 * @throws {FrameError} naming the row, if a value is not a boolean
 */
export function booleans(values: ArrayLike<boolean | null | undefined>, options: FieldOptions = {}): Field {
  const { length } = values;
  const target = emptyBitmap(length);
  const validity = emptyBitmap(length);
  for (let row = 0; row < length; row++) {
    const value: unknown = values[row];
    if (value === null || value === undefined) {
      continue;
    }
    if (typeof value !== "boolean") {
      throw new FrameError(`${describe(value)} is not a boolean`, { field: options.name, row });
    }
    if (value) {
      setBit(target, row);
    }
    setBit(validity, row);
  }
  return unnamedField(booleanColumn(target, length, validity), options);
}
