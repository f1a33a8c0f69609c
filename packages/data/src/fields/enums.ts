import { columnBuilder } from "../build/column-builder.js";
import { enumPlaces } from "../build/enum-places.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";

/**
 * A field whose values are few texts: each is held as its place in a list, which is sent once. `null` and `undefined`
 * are rows without a value.
 *
 * The list is that of `options.type.enum`, where colours, icons and descriptions may stand beside the texts; without
 * one, it is made of the values in the order in which they come.
 *
 * ```ts
 * const states = enums(["ok", "failed", "ok"]);
 * const same = enums(["ok", "failed", "ok"], { type: { enum: { text: ["ok", "failed"], color: ["green", "red"] } } });
 * ```
 *
 * @throws {FrameError} naming the row, if a value is no string, is not in the list, or is one of more than 65,536
 */
export function enums(values: ArrayLike<string | null | undefined>, options: FieldOptions = {}): Field {
  const places = enumPlaces(options.type?.enum, options.name);
  const builder = columnBuilder("enum", { capacity: values.length, field: options.name });
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    builder.append(value === null || value === undefined ? null : places.placeOf(value, row));
  }
  return unnamedField(builder.finish(), { ...options, type: { ...options.type, enum: places.config() } });
}
