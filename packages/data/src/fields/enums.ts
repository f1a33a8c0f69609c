import { columnBuilder } from "../build/column-builder.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import type { EnumFieldConfig } from "../field-config.js";
import { describe, FrameError } from "../frame-error.js";

/** How many values an enum can tell apart. */
const MAX_TEXTS = 0x1_0000;

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
  const given = options.type?.enum;
  const places = new Map<string, number>();
  for (const [place, text] of (given?.text ?? []).entries()) {
    // The first of equal texts, as a reader would look it up.
    if (!places.has(text)) {
      places.set(text, place);
    }
  }
  const builder = columnBuilder("enum", { capacity: values.length, field: options.name });
  for (let row = 0; row < values.length; row++) {
    builder.append(placeOf(values[row], places, given, options.name, row));
  }
  const config = given ?? { text: [...places.keys()] };
  return unnamedField(builder.finish(), { ...options, type: { ...options.type, enum: config } });
}

function placeOf(
  value: unknown,
  places: Map<string, number>,
  given: EnumFieldConfig | undefined,
  field: string | undefined,
  row: number,
): number | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value !== "string") {
    throw new FrameError(`${describe(value)} is not a string`, { field, row });
  }
  const known = places.get(value);
  if (known !== undefined) {
    return known;
  }
  if (given !== undefined) {
    throw new FrameError(`${describe(value)} is none of the enum's ${given.text.length} texts`, { field, row });
  }
  if (places.size === MAX_TEXTS) {
    throw new FrameError(`an enum has ${MAX_TEXTS.toLocaleString("en")} texts at most; use strings`, { field, row });
  }
  places.set(value, places.size);
  return places.size - 1;
}
