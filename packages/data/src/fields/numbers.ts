import { emptyBitmap, setBit } from "../bitmap.js";
import { float64Column } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";

/**
 * A field of float64 numbers. NaN and the infinities are values; `null` and `undefined` are rows without one.
 *
 * A `Float64Array` is taken as it is, without a copy: do not change it afterwards. Other typed arrays are converted.
 *
 * @throws {FrameError} naming the row, if a value is not a number
 */
export function numbers(values: ArrayLike<number | null | undefined>, options: FieldOptions = {}): Field {
  if (values instanceof Float64Array) {
    return unnamedField(float64Column(values), options);
  }
  const { length } = values;
  const target = new Float64Array(length);
  const validity = emptyBitmap(length);
  for (let row = 0; row < length; row++) {
    const value: unknown = values[row];
    if (typeof value === "number") {
      target[row] = value;
      setBit(validity, row);
    } else if (value !== null && value !== undefined) {
      throw new FrameError(`${describe(value)} is not a number`, { field: options.name, row });
    }
  }
  return unnamedField(float64Column(target, validity), options);
}
