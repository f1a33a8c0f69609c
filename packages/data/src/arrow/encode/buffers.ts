import { bitmapBytes } from "../../bitmap.js";
import type { Column, TextColumnBase } from "../../column.js";
import { withNulls } from "../../columns.js";
import { bytesOfFixedArray, isTypedColumn } from "../../fixed-arrays.js";

/**
 * The buffers of a column as they stand in a record batch, the validity bitmap first. They are views of the column's
 * memory, no longer than its rows need. The bitmap is empty where every row has a value.
 * https://arrow.apache.org/docs/format/Columnar.html#buffer-listing-for-each-layout
 */
export function buffersOf(column: Column): Uint8Array[] {
  const { length } = column;
  // Whether there are nulls is for the bitmap to say, as it is when the column is read.
  const { validity: bitmap } = withNulls(length, column.validity);
  const validity = bitmap?.subarray(0, bitmapBytes(length)) ?? new Uint8Array(0);
  if (isTypedColumn(column)) {
    return [validity, bytesOfFixedArray(column.values, length)];
  }
  return column.type === "boolean"
    ? [validity, column.values.subarray(0, bitmapBytes(length))]
    : [validity, ...textBuffers(column)];
}

function textBuffers(column: TextColumnBase): [Uint8Array, Uint8Array] {
  const { length } = column;
  const first = column.offsets[0] ?? 0;
  const text = column.bytes.subarray(first, column.offsets[length] ?? first);
  // A slice of a longer column begins in the middle of its bytes; what lies before is not sent.
  const offsets = first === 0 ? column.offsets : column.offsets.subarray(0, length + 1).map((offset) => offset - first);
  return [new Uint8Array(offsets.buffer, offsets.byteOffset, (length + 1) * offsets.BYTES_PER_ELEMENT), text];
}
