import { DEFAULT_CAPACITY } from "../build/rows.js";
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
 * A field for each key of the rows, in the order in which they are first seen (keys that look like integers come first, as
 * JavaScript orders them), with the type of its values.
 * @param capacity rows to make room for
 * @throws {FrameError} naming field and row, if a field's values are of different kinds, or a row is no object
 */
export function inferredFields(rows: Iterable<unknown>, capacity: number): Field[] {
  const fields: Making[] = [];
  /** Values so far, in all fields. */
  let given = 0;
  const byKey = new Map<string, Making>();
  let index = 0;

  function add(key: string): Making {
    const made = {
      key,
      place: fields.length,
      column: inferredColumn({ field: key, capacity: fields.length < FIRST_FIELDS ? capacity : DEFAULT_CAPACITY }),
      length: 0,
    };
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
    const isPlain = isPlainObject(row);
    for (const key in row) {
      if (!isPlain && !Object.hasOwn(row, key)) {
        continue;
      }
      let field = fields[next];
      if (field?.key !== key) {
        field = byKey.get(key) ?? add(key);
        requireDense(fields.length * (index + 1), given, key, index);
      }
      next = field.place + 1;
      skipTo(index, field);
      field.column.append(row[key]);
      field.length++;
      given++;
    }
    if (!isPlain && next === 0) {
      throw new FrameError(`${describe(row)} has no members of its own; give plain objects`, { row: index });
    }
    index++;
  }
  return fields.map((field) => {
    skipTo(index, field);
    return unnamedField(field.column.finish(), { name: field.key });
  });
}

/** So many fields get room for all rows at once. Where there are more, most have a value in few rows. */
const FIRST_FIELDS = 1_000;

/** How many cells there may be for each that has a value, beyond a million. */
const MOST_CELLS_PER_VALUE = 64;

/** Throws where ever new keys make a frame that is almost only gaps, and far larger than the rows. */
function requireDense(cells: number, given: number, key: string, row: number): void {
  if (cells > 1_000_000 && cells > given * MOST_CELLS_PER_VALUE) {
    throw new FrameError(
      'the rows have ever new keys, of which each would be a field; name the fields with the option "fields"',
      { field: key, row },
    );
  }
}

/** Whether all enumerable keys are the object's own. */
function isPlainObject(row: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(row);
  return prototype === Object.prototype || prototype === null;
}

/** Adds rows without a value up to row `index`. */
function skipTo(index: number, field: Making): void {
  for (; field.length < index; field.length++) {
    field.column.append(undefined);
  }
}
