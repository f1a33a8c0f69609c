import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";
import { type RowColumn, rowColumn } from "./row-column.js";
import type { NamedRowField } from "./row-field.js";
import { isKeyed, keyReader, type ReadRow, rowReader } from "./row-source.js";

/** A field in the making. */
interface Making<Row> {
  readonly described: NamedRowField<Row>;
  readonly read: ReadRow<Row>;
  readonly column: RowColumn;
}

/**
 * The described fields, filled from rows.
 * @param capacity rows to make room for
 * @throws {FrameError} naming field and row, if a value does not fit its field, or a row is neither object nor array
 */
export function describedFields<Row>(
  rows: Iterable<Row>,
  described: readonly NamedRowField<Row>[],
  capacity: number,
): Field[] {
  const start = (arrays: boolean) => described.map((field, place) => startField(field, place, arrays, capacity));
  let fields: Making<Row>[] | undefined;
  let arrays = false;
  let index = 0;
  for (const row of rows) {
    if (!isKeyed(row)) {
      throw new FrameError(`${describe(row)} is no row; a row is an object or an array`, { row: index });
    }
    if (fields === undefined) {
      arrays = Array.isArray(row);
      fields = start(arrays);
    } else if (Array.isArray(row) !== arrays) {
      throw new FrameError(`${describe(row)} is no row like the first one`, { row: index });
    }
    for (const { read, column } of fields) {
      column.append(read(row, index));
    }
    index++;
  }
  return (fields ?? start(false)).map(finishField);
}

function startField<Row>(described: NamedRowField<Row>, place: number, arrays: boolean, capacity: number): Making<Row> {
  const { name, from } = described;
  const read = from === undefined ? keyReader(arrays ? place : name) : rowReader(from, arrays, name);
  return { described, read, column: rowColumn(described, { field: name, capacity }) };
}

function finishField<Row>({ described, column }: Making<Row>): Field {
  const finished = column.finish();
  const texts = column.enumConfig?.();
  const options = optionsOf(described);
  return unnamedField(finished, texts === undefined ? options : { ...options, type: { enum: texts } });
}

/** What a description says of the field beyond its rows. */
function optionsOf<Row>(described: NamedRowField<Row>): FieldOptions {
  const { type: _type, from: _from, ...rest } = described;
  // Only fields of some types have these two.
  const { epoch: _epoch, enum: _enum, ...options } = { epoch: undefined, enum: undefined, ...rest };
  return options;
}
