import { getBit } from "./bitmap.js";
import type { BooleanColumn, Column, Float64Column, Int64Column, StringColumn, TimeColumn } from "./column.js";
import type { Field } from "./field.js";
import { textAt } from "./utf8.js";

/**
 * A value read from a column: `bigint` nanoseconds since 1970 for a time, `bigint` for an int64, `number` for a
 * float64, `string`, `boolean`, or `null` where the row has no value.
 */
export type Value = bigint | number | string | boolean | null;

/**
 * The value in row `row`, counted from 0. For many rows, the typed arrays of the column are faster.
 * @throws {RangeError} if there is no such row
 */
export function valueAt(from: TimeColumn | Int64Column, row: number): bigint | null;
export function valueAt(from: Float64Column, row: number): number | null;
export function valueAt(from: StringColumn, row: number): string | null;
export function valueAt(from: BooleanColumn, row: number): boolean | null;
export function valueAt(from: Column | Field, row: number): Value;
export function valueAt(from: Column | Field, row: number): Value {
  const column = columnOf(from);
  if (!(Number.isInteger(row) && row >= 0 && row < column.length)) {
    throw new RangeError(`there is no row ${row} in a column of ${column.length} rows`);
  }
  return read(column, row);
}

/** The values of all rows, one after the other. */
export function valuesOf(from: TimeColumn | Int64Column): Generator<bigint | null, void, undefined>;
export function valuesOf(from: Float64Column): Generator<number | null, void, undefined>;
export function valuesOf(from: StringColumn): Generator<string | null, void, undefined>;
export function valuesOf(from: BooleanColumn): Generator<boolean | null, void, undefined>;
export function valuesOf(from: Column | Field): Generator<Value, void, undefined>;
export function* valuesOf(from: Column | Field): Generator<Value, void, undefined> {
  const column = columnOf(from);
  for (let row = 0; row < column.length; row++) {
    yield read(column, row);
  }
}

/** Whether row `row` has a value. */
export function hasValue(column: Column, row: number): boolean {
  return column.validity === undefined || getBit(column.validity, row);
}

function columnOf(from: Column | Field): Column {
  return "column" in from ? from.column : from;
}

function read(column: Column, row: number): Value {
  if (!hasValue(column, row)) {
    return null;
  }
  switch (column.type) {
    case "time":
    case "int64":
    case "float64":
      return column.values[row] ?? null;
    case "string":
      return textAt(column, row);
    case "boolean":
      return getBit(column.values, row);
  }
}
