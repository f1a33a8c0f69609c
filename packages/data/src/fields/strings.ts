import type { Field, FieldOptions } from "../field.js";
import { fieldOf } from "./field-of.js";

/**
 * A field of texts, held as UTF-8; a lone surrogate becomes U+FFFD. `null` and `undefined` are rows without a value;
 * an empty string is a value.
 *
 * @throws {FrameError} naming the row, if a value is not a string, or all of them together exceed 2 GiB
 */
export function strings(values: ArrayLike<string | null | undefined>, options: FieldOptions = {}): Field {
  return fieldOf("string", values, options);
}
