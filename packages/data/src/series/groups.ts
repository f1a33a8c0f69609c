import type { Field, Labels } from "../field.js";
import { FrameError } from "../frame-error.js";
import { readValue } from "../value.js";

/** Rows that belong to one series. */
export interface Group {
  readonly labels: Labels;
}

/** The series that a long frame's rows belong to. */
export interface Groups {
  /** In the order in which they first come. */
  readonly groups: readonly Group[];
  /** The place of each row's group. */
  readonly groupOfRow: Int32Array;
}

/**
 * Groups rows by the values of the factors, whose names and values become labels. A row without a value counts as `""`,
 * and as `false` in a field of booleans.
 * @throws {FrameError} if two factors have the same name
 */
export function groupRows(factors: readonly Field[], length: number): Groups {
  const names = factors.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new FrameError("two fields that tell series apart have the same name, and labels can have a name only once", {
      field: repeated,
    });
  }
  const columns = factors.map((field) => numberedTexts(field, length));
  const groups: Group[] = [];
  const places = new Map<string, number>();
  const groupOfRow = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const key = columns.map(({ places }) => places[row]).join();
    let place = places.get(key);
    if (place === undefined) {
      place = groups.length;
      places.set(key, place);
      const labels = columns.map(({ texts, places }, index) => [names[index] ?? "", texts[places[row] ?? 0] ?? ""]);
      groups.push({ labels: Object.fromEntries(labels) });
    }
    groupOfRow[row] = place;
  }
  return { groups, groupOfRow };
}

/** The different texts of a factor, and for each row which of them it has. */
function numberedTexts({ column }: Field, length: number): { texts: readonly string[]; places: Int32Array } {
  const texts: string[] = [];
  const known = new Map<string, number>();
  const places = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const text = String(readValue(column, row) ?? (column.type === "boolean" ? false : ""));
    let place = known.get(text);
    if (place === undefined) {
      place = texts.length;
      known.set(text, place);
      texts.push(text);
    }
    places[row] = place;
  }
  return { texts, places };
}
