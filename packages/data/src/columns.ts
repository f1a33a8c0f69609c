import { bitmapBytes, countBits } from "./bitmap.js";
import type {
  BooleanColumn,
  Column,
  ColumnBase,
  FixedArrays,
  JsonColumn,
  StringColumn,
  TypedColumn,
  TypedColumns,
} from "./column.js";
import type { FieldType, FixedType } from "./field-type.js";
import { isFixedType, isTypedColumn, newFixedArray } from "./fixed-arrays.js";
import { FrameError } from "./frame-error.js";

/**
 * A column of numbers, times or enums over `values`, taken as they are.
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short
 */
export function typedColumn<T extends FixedType>(
  type: T,
  values: FixedArrays[T],
  validity?: Uint8Array,
): TypedColumn<T> {
  return makeTypedColumn(type, values, withNulls(values.length, validity));
}

/** A column over `values` whose length and nulls are known already. */
export function makeTypedColumn<T extends FixedType>(
  type: T,
  values: FixedArrays[T],
  { length, nullCount, validity }: ColumnBase,
): TypedColumn<T> {
  // TypeScript does not see that an object of `type` and its array is the member `T` of the union.
  return { type, length, nullCount, validity, values } as TypedColumns[T];
}

/**
 * A column of texts over UTF-8 `bytes`, both arrays taken as they are.
 * @param offsets one more than there are rows: row `i` is `bytes[offsets[i] .. offsets[i + 1])`
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short, there is no offset, or the offsets are not ascending within `bytes`
 */
export function stringColumn(offsets: Int32Array, bytes: Uint8Array, validity?: Uint8Array): StringColumn {
  return { type: "string", ...textColumnBase(offsets, bytes, validity), offsets, bytes };
}

/**
 * A column of JSON documents over UTF-8 `bytes`, both arrays taken as they are, and not checked to be JSON.
 * @param offsets one more than there are rows: row `i` is `bytes[offsets[i] .. offsets[i + 1])`
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short, there is no offset, or the offsets are not ascending within `bytes`
 */
export function jsonColumn(offsets: Int32Array, bytes: Uint8Array, validity?: Uint8Array): JsonColumn {
  return { type: "json", ...textColumnBase(offsets, bytes, validity), offsets, bytes };
}

/**
 * A column over `values`, a bitmap of `length` bits, taken as it is.
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if a bitmap is too short
 */
export function booleanColumn(values: Uint8Array, length: number, validity?: Uint8Array): BooleanColumn {
  if (values.length < bitmapBytes(length)) {
    throw new FrameError(tooShort("bitmap", length, bitmapBytes(length), values.length));
  }
  return { type: "boolean", ...withNulls(length, validity), values };
}

/** A column of `type` without rows. */
export function emptyColumn(type: FieldType): Column {
  if (isFixedType(type)) {
    return typedColumn(type, newFixedArray(type, 0));
  }
  switch (type) {
    case "string":
      return stringColumn(new Int32Array(1), new Uint8Array(0));
    case "json":
      return jsonColumn(new Int32Array(1), new Uint8Array(0));
    case "boolean":
      return booleanColumn(new Uint8Array(0), 0);
  }
}

/**
 * Throws where a column's arrays are shorter than its rows need.
 * @param field the name for the error
 */
export function checkSizes(column: Column, field: string): void {
  const { length, validity } = column;
  if (validity === undefined && column.nullCount > 0) {
    throw new FrameError(`a column with ${column.nullCount} nulls needs a validity bitmap`, { field });
  }
  if (validity !== undefined && validity.length < bitmapBytes(length)) {
    throw new FrameError(tooShort("validity bitmap", length, bitmapBytes(length), validity.length), { field });
  }
  const [what, needed, actual] = sizesOf(column);
  if (actual < needed) {
    throw new FrameError(tooShort(what, length, needed, actual), { field });
  }
}

/**
 * Throws where the texts of a column do not lie one behind the other.
 * @param field the name for the error
 */
export function checkOffsets(column: Column, field: string): void {
  if (column.type === "string" || column.type === "json") {
    const row = findWrongOffset(column.offsets, column.length, column.bytes.length);
    if (row !== undefined) {
      throw new FrameError(notAscending(column.bytes.length), { field, row });
    }
  }
}

function sizesOf(column: Column): [what: string, needed: number, actual: number] {
  if (isTypedColumn(column)) {
    return ["values", column.length, column.values.length];
  }
  if (column.type === "boolean") {
    return ["bitmap", bitmapBytes(column.length), column.values.length];
  }
  return column.offsets.length <= column.length
    ? ["offsets", column.length + 1, column.offsets.length]
    : ["bytes", column.offsets[column.length] ?? 0, column.bytes.length];
}

function notAscending(bytes: number): string {
  return `the offsets of the texts are not ascending within the ${bytes} bytes`;
}

function tooShort(what: string, rows: number, needed: number, actual: number): string {
  return `the ${what} of ${rows} rows must have a length of ${needed} at least, not ${actual}`;
}

/** The first row whose text does not lie within the bytes, if there is one. */
export function findWrongOffset(offsets: Int32Array, length: number, byteLength: number): number | undefined {
  let previous = offsets[0] ?? 0;
  if (previous < 0) {
    return 0;
  }
  for (let row = 0; row < length; row++) {
    const next = offsets[row + 1] ?? -1;
    if (next < previous) {
      return row;
    }
    previous = next;
  }
  // Ascending, so only the tail can lie outside.
  return previous <= byteLength ? undefined : Math.max(0, length - 1);
}

function textColumnBase(offsets: Int32Array, bytes: Uint8Array, validity: Uint8Array | undefined): ColumnBase {
  const length = offsets.length - 1;
  if (length < 0) {
    throw new FrameError("a column of texts needs one offset more than it has rows, and at least one");
  }
  const wrong = findWrongOffset(offsets, length, bytes.length);
  if (wrong !== undefined) {
    throw new FrameError(notAscending(bytes.length), { row: wrong });
  }
  return withNulls(length, validity);
}

/**
 * Length and nulls of a column. A bitmap without a 0 is dropped.
 * @throws {FrameError} if the bitmap is too short
 */
export function withNulls(length: number, validity: Uint8Array | undefined): ColumnBase {
  if (validity === undefined) {
    return { length, nullCount: 0, validity };
  }
  if (validity.length < bitmapBytes(length)) {
    throw new FrameError(tooShort("validity bitmap", length, bitmapBytes(length), validity.length));
  }
  const nullCount = length - countBits(validity, length);
  return { length, nullCount, validity: nullCount === 0 ? undefined : validity };
}
