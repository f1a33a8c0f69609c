import { bitmapBytes } from "../../bitmap.js";
import type { Column, StringColumn } from "../../column.js";

/**
 * The buffers of a column as they stand in a record batch, the validity bitmap first. They are views of the column's
 * memory, no longer than its rows need. The bitmap is empty where every row has a value.
 * https://arrow.apache.org/docs/format/Columnar.html#buffer-listing-for-each-layout
 */
export function buffersOf(column: Column): Uint8Array[] {
  const { length } = column;
  const validity =
    column.nullCount === 0 || column.validity === undefined
      ? new Uint8Array(0)
      : column.validity.subarray(0, bitmapBytes(length));
  switch (column.type) {
    case "time":
    case "int64":
    case "float64":
      return [validity, bytesOf(column.values.subarray(0, length))];
    case "string":
      return [validity, ...textBuffers(column)];
    case "boolean":
      return [validity, column.values.subarray(0, bitmapBytes(length))];
  }
}

function textBuffers(column: StringColumn): [Uint8Array, Uint8Array] {
  const offsets = column.offsets.subarray(0, column.length + 1);
  const first = offsets[0] ?? 0;
  const text = column.bytes.subarray(first, offsets[column.length] ?? first);
  // A slice of a longer column begins in the middle of its bytes; what lies before is not sent.
  return [bytesOf(first === 0 ? offsets : offsets.map((offset) => offset - first)), text];
}

function bytesOf(array: Int32Array | Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
