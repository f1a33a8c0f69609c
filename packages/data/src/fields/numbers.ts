import { typedColumn } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { fieldOf } from "./field-of.js";

/**
 * A field of float64 numbers. NaN and the infinities are values; `null` and `undefined` are rows without one.
 *
 * A `Float64Array` is taken as it is, without a copy: do not change it afterwards. So is a `Float32Array`, which makes
 * a field of float32. Other typed arrays are converted; `integers` takes those of whole numbers as they are.
 *
 * @throws {FrameError} naming the row, if a value is not a number
 */
export function numbers(values: ArrayLike<number | null | undefined>, options: FieldOptions = {}): Field {
  if (values instanceof Float64Array) {
    return unnamedField(typedColumn("float64", values), options);
  }
  if (values instanceof Float32Array) {
    return unnamedField(typedColumn("float32", values), options);
  }
  return fieldOf("float64", values, options);
}
