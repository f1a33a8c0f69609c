import { getBit } from "./bitmap.js";
import type { BooleanColumn, Column, ColumnBase, JsonColumn, StringColumn, TypedColumn } from "./column.js";
import type { Field } from "./field.js";
import type { FixedType } from "./field-type.js";
import { FrameError } from "./frame-error.js";
import { textAt } from "./utf8.js";

/**
 * A value read from a column: `bigint` for int64, uint64 and a time (nanoseconds since 1970), `number` for all other
 * numbers and for an enum (the place in its texts), `string` for text and for JSON (the document as it was written),
 * `boolean`, or `null` where the row has no value.
 */
export type Value = bigint | number | string | boolean | null;

/** Columns whose values are read as `bigint`. */
type BigIntColumn = TypedColumn<"time" | "int64" | "uint64">;
/** Columns whose values are read as `number`. */
type NumberColumn = TypedColumn<Exclude<FixedType, "time" | "int64" | "uint64">>;

/**
 * The value in row `row`, counted from 0. For many rows, the typed arrays of the column are faster.
 * @throws {RangeError} if there is no such row
 */
export function valueAt(from: BigIntColumn, row: number): bigint | null;
export function valueAt(from: NumberColumn, row: number): number | null;
export function valueAt(from: StringColumn | JsonColumn, row: number): string | null;
export function valueAt(from: BooleanColumn, row: number): boolean | null;
export function valueAt(from: Column | Field, row: number): Value;
export function valueAt(from: Column | Field, row: number): Value {
  const column = columnOf(from);
  requireRow(column, row);
  return readValue(column, row);
}

/** The values of all rows, one after the other. */
export function valuesOf(from: BigIntColumn): Generator<bigint | null, void, undefined>;
export function valuesOf(from: NumberColumn): Generator<number | null, void, undefined>;
export function valuesOf(from: StringColumn | JsonColumn): Generator<string | null, void, undefined>;
export function valuesOf(from: BooleanColumn): Generator<boolean | null, void, undefined>;
export function valuesOf(from: Column | Field): Generator<Value, void, undefined>;
export function* valuesOf(from: Column | Field): Generator<Value, void, undefined> {
  const column = columnOf(from);
  for (let row = 0; row < column.length; row++) {
    yield readValue(column, row);
  }
}

/**
 * The JSON document in row `row`, parsed; `undefined` where the row has no value, since a document may be `null`.
 * @throws {RangeError} if there is no such row
 * @throws {FrameError} naming the row, if what stands there is no JSON
 */
export function jsonAt(column: JsonColumn, row: number): unknown {
  requireRow(column, row);
  if (!hasValue(column, row)) {
    return undefined;
  }
  const document = textAt(column, row);
  if (document === "") {
    // What Go has for a document that is not there, and writes as null.
    return null;
  }
  try {
    return JSON.parse(document);
  } catch {
    // What the parser says quotes its input, and so would an error that repeats it.
    throw new FrameError("is no valid JSON", { row });
  }
}

/**
 * The text of an enum's value in row `row`; `null` where the row has no value, and where its value has no text.
 * @throws {RangeError} if there is no such row
 * @throws {TypeError} if the field is no enum
 */
export function enumTextAt({ column, config }: Field, row: number): string | null {
  if (column.type !== "enum") {
    throw new TypeError(`a field of type ${column.type} is no enum`);
  }
  const index = valueAt(column, row);
  return index === null ? null : (config?.type?.enum?.text[index] ?? null);
}

/** Whether row `row` has a value. */
export function hasValue({ validity }: Pick<ColumnBase, "validity">, row: number): boolean {
  return validity === undefined || getBit(validity, row);
}

/** The value in row `row`, which must be there. */
export function readValue(column: Column, row: number): Value {
  if (!hasValue(column, row)) {
    return null;
  }
  switch (column.type) {
    case "string":
    case "json":
      return textAt(column, row);
    case "boolean":
      return getBit(column.values, row);
    default:
      return column.values[row] ?? null;
  }
}

function columnOf(from: Column | Field): Column {
  return "column" in from ? from.column : from;
}

function requireRow(column: Column, row: number): void {
  if (!(Number.isInteger(row) && row >= 0 && row < column.length)) {
    throw new RangeError(`there is no row ${row} in a column of ${column.length} rows`);
  }
}
