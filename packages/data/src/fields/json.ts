import type { Field, FieldOptions } from "../field.js";
import { fieldOf } from "./field-of.js";

/**
 * A field of JSON documents: anything that JSON can hold. `null` and `undefined` are rows without a value.
 *
 * @throws {FrameError} naming the row, if a value is no JSON, such as a function or an object within itself
 */
export function json(values: ArrayLike<unknown>, options: FieldOptions = {}): Field {
  return fieldOf("json", values, options);
}
