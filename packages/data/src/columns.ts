import { bitmapBytes, countBits } from "./bitmap.js";
import type { BooleanColumn, Column, Float64Column, Int64Column, StringColumn, TimeColumn } from "./column.js";
import { FrameError } from "./frame-error.js";

/**
 * A column over `values`, nanoseconds since 1970-01-01T00:00:00Z, taken as they are.
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short
 */
export function timeColumn(values: BigInt64Array, validity?: Uint8Array): TimeColumn {
  return { type: "time", length: values.length, ...nulls(values.length, validity), values };
}

/**
 * A column over `values`, taken as they are.
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short
 */
export function float64Column(values: Float64Array, validity?: Uint8Array): Float64Column {
  return { type: "float64", length: values.length, ...nulls(values.length, validity), values };
}

/**
 * A column over `values`, taken as they are.
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short
 */
export function int64Column(values: BigInt64Array, validity?: Uint8Array): Int64Column {
  return { type: "int64", length: values.length, ...nulls(values.length, validity), values };
}

/**
 * A column of texts over UTF-8 `bytes`, both arrays taken as they are.
 * @param offsets one more than there are rows: row `i` is `bytes[offsets[i] .. offsets[i + 1])`
 * @param validity bitmap with a 1 where a row has a value; leave it out where every row has one
 * @throws {FrameError} if the bitmap is too short, there is no offset, or the offsets are not ascending within `bytes`
 */
export function stringColumn(offsets: Int32Array, bytes: Uint8Array, validity?: Uint8Array): StringColumn {
  const length = offsets.length - 1;
  if (length < 0) {
    throw new FrameError("a string column needs one offset more than it has rows, and at least one");
  }
  const wrong = findWrongOffset(offsets, length, bytes.length);
  if (wrong !== undefined) {
    throw new FrameError(`the string offsets are not ascending within the ${bytes.length} bytes`, { row: wrong });
  }
  return { type: "string", length, ...nulls(length, validity), offsets, bytes };
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
  return { type: "boolean", length, ...nulls(length, validity), values };
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

function sizesOf(column: Column): [what: string, needed: number, actual: number] {
  switch (column.type) {
    case "time":
    case "int64":
    case "float64":
      return ["values", column.length, column.values.length];
    case "boolean":
      return ["bitmap", bitmapBytes(column.length), column.values.length];
    case "string":
      return column.offsets.length <= column.length
        ? ["offsets", column.length + 1, column.offsets.length]
        : ["bytes", column.offsets[column.length] ?? 0, column.bytes.length];
  }
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

function nulls(
  length: number,
  validity: Uint8Array | undefined,
): { nullCount: number; validity: Uint8Array | undefined } {
  if (validity === undefined) {
    return { nullCount: 0, validity };
  }
  if (validity.length < bitmapBytes(length)) {
    throw new FrameError(tooShort("validity bitmap", length, bitmapBytes(length), validity.length));
  }
  const nullCount = length - countBits(validity, length);
  return { nullCount, validity: nullCount === 0 ? undefined : validity };
}
