import { emptyBitmap, setBit } from "../src/bitmap.js";
import { type Column, type Frame, getBit } from "../src/index.js";

/** Cuts a frame before each of these rows; a piece may be empty. Texts stay in the bytes of the whole, as slices of it. */
export function cutFrame(frame: Frame, rows: readonly number[]): Frame[] {
  const ends = [...rows, frame.length].sort((a, b) => a - b);
  return ends.map((end, index) => {
    const start = ends[index - 1] ?? 0;
    const fields = frame.fields.map((field) => ({ ...field, column: cutColumn(field.column, start, end) }));
    return { ...frame, fields, length: fields.length === 0 ? 0 : end - start };
  });
}

function cutColumn(column: Column, start: number, end: number): Column {
  const validity = column.validity && cutBits(column.validity, start, end);
  const base = { length: end - start, nullCount: 0, validity };
  if ("offsets" in column) {
    return { ...column, ...base, offsets: column.offsets.subarray(start, end + 1) };
  }
  if (column.type === "boolean") {
    return { ...column, ...base, values: cutBits(column.values, start, end) };
  }
  // Longer than the rows, as arrays that grow are.
  const values = column.values.slice(start);
  return { ...column, ...base, values } as Column;
}

function cutBits(bits: Uint8Array, start: number, end: number): Uint8Array {
  const cut = emptyBitmap(end - start);
  for (let row = start; row < end; row++) {
    if (getBit(bits, row)) {
      setBit(cut, row - start);
    }
  }
  // Bits behind the rows mean nothing.
  for (let bit = end - start; bit < 8 * cut.length; bit++) {
    setBit(cut, bit);
  }
  return cut;
}
