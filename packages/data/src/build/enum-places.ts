import type { EnumFieldConfig } from "../field-config.js";
import { describe, FrameError } from "../frame-error.js";

/** How many values an enum can tell apart. */
const MAX_TEXTS = 0x1_0000;

/** The places of an enum's texts. */
export interface EnumPlaces {
  /**
   * The place of a text, which is added where the list is not given.
   * @throws {FrameError} naming the row, if the value is no string, is not in the list, or is one of more than 65,536
   */
  placeOf(value: unknown, row: number): number;
  /** What the field's config says of the enum: the list given, else the texts that came so far. */
  config(): EnumFieldConfig;
}

/**
 * Finds the places of texts in the list that `given` has, or in one that is made of the texts as they come.
 * @param field the field's name, for errors
 */
export function enumPlaces(given: EnumFieldConfig | undefined, field: string | undefined): EnumPlaces {
  const places = new Map<string, number>();
  for (const [place, text] of (given?.text ?? []).entries()) {
    // The first of equal texts, as a reader would look it up.
    if (!places.has(text)) {
      places.set(text, place);
    }
  }
  return {
    placeOf(value, row) {
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
        throw new FrameError(`an enum has ${MAX_TEXTS.toLocaleString("en")} texts at most; use strings`, {
          field,
          row,
        });
      }
      places.set(value, places.size);
      return places.size - 1;
    },
    config: () => given ?? { text: [...places.keys()] },
  };
}
