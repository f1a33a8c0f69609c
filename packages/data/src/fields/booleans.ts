import type { Field, FieldOptions } from "../field.js";
import { fieldOf } from "./field-of.js";

/**
 * A field of truth values. `null` and `undefined` are rows without one.
 * @throws {FrameError} naming the row, if a value is not a boolean
 */
export function booleans(values: ArrayLike<boolean | null | undefined>, options: FieldOptions = {}): Field {
  return fieldOf("boolean", values, options);
}
