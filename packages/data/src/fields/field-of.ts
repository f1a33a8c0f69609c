import { type AppendValues, columnBuilder } from "../build/column-builder.js";
import type { ColumnOf } from "../column.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import type { FieldType } from "../field-type.js";

/** Values of a field, one a row: `null` and `undefined` are rows without one. */
export type Values<T extends FieldType> = ArrayLike<AppendValues[T] | null | undefined>;

/**
 * A field of the given type, for where the type is known only at run time; else `numbers`, `integers`, `strings`,
 * `times`, `booleans`, `json` and `enums` say the same in fewer words.
 *
 * ```ts
 * const sizes = fieldOf("uint16", [80, 443, null], { unit: "decbytes" });
 * ```
 *
 * @throws {FrameError} naming the row, if a value does not fit the type
 */
export function fieldOf<T extends FieldType>(type: T, values: Values<T>, options: FieldOptions = {}): Field {
  return unnamedField(columnOf(type, values, options.name), options);
}

/**
 * A column of the given type.
 * @param field the field's name, for the error
 * @throws {FrameError} naming the row, if a value does not fit the type
 */
export function columnOf<T extends FieldType>(type: T, values: Values<T>, field?: string): ColumnOf<T> {
  const { length } = values;
  const builder = columnBuilder(type, { capacity: length, field });
  for (let row = 0; row < length; row++) {
    builder.append(values[row]);
  }
  return builder.finish();
}
