import { type Field, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";
import { inferredColumn } from "./inferred-column.js";
import type { RowColumn } from "./row-column.js";
import { isKeyed } from "./row-source.js";

/** A field in the making. */
interface Making {
  readonly key: string;
  readonly place: number;
  readonly column: RowColumn;
  /** Rows so far. It may lag behind where rows lack the key. */
  length: number;
}

/**
 * A field for each key of the rows, in the order in which they are first seen, with the type of its values.
 * @param capacity rows to make room for
 * @throws {FrameError} naming field and row, if a field's values are of different kinds, or a row is no object
 */
export function inferredFields(rows: Iterable<unknown>, capacity: number): Field[] {
  const fields: Making[] = [];
  const byKey = new Map<string, Making>();
  let index = 0;

  function add(key: string): Making {
    const made = { key, place: fields.length, column: inferredColumn({ field: key, capacity }), length: 0 };
    fields.push(made);
    byKey.set(key, made);
    return made;
  }

  for (const row of rows) {
    if (!isKeyed(row) || Array.isArray(row)) {
      const hint = Array.isArray(row) ? '; name the fields of rows that are arrays with the option "fields"' : "";
      throw new FrameError(`${describe(row)} is no object${hint}`, { row: index });
    }
    // Rows mostly have the same keys in the same order, so the next key is that of the next field.
    let next = 0;
    for (const key in row) {
      let field = fields[next];
      if (field?.key !== key) {
        if (!Object.hasOwn(row, key)) {
          continue;
        }
        field = byKey.get(key) ?? add(key);
      }
      next = field.place + 1;
      skipTo(index, field);
      field.column.append(row[key]);
      field.length++;
    }
    index++;
  }
  return fields.map((field) => {
    skipTo(index, field);
    return unnamedField(field.column.finish(), { name: field.key });
  });
}

/** Adds rows without a value up to row `index`. */
function skipTo(index: number, field: Making): void {
  for (; field.length < index; field.length++) {
    field.column.append(undefined);
  }
}
