import type { Column, Field, Frame } from "../src/index.js";

/** The only values that a flip of bits within a file can change. */
export interface Reach {
  readonly field: number;
  readonly rows: readonly number[];
  /** Whether each row with a value has another one now for certain: no check can see it, since any bits are a value. */
  readonly certain: boolean;
}

/**
 * What of a frame a flip of the bits `mask` in byte `at` of a file can change, the frame's columns being views of that file;
 * `undefined` where the byte is not within a column's values.
 */
export function reachOfFlip(frame: Frame, file: Uint8Array, at: number, mask: number): Reach | undefined {
  for (const [index, field] of frame.fields.entries()) {
    const found = rowsOf(field, file, at, mask);
    if (found !== undefined) {
      const rows = found.rows.filter((row) => row >= 0 && row < field.column.length);
      return { field: index, rows, certain: found.certain };
    }
  }
  return undefined;
}

function rowsOf(
  { column }: Field,
  file: Uint8Array,
  at: number,
  mask: number,
): { readonly rows: readonly number[]; readonly certain: boolean } | undefined {
  const inValidity = column.validity === undefined ? -1 : placeWithin(column.validity, file, at);
  if (inValidity >= 0) {
    return { rows: rowsOfBits(inValidity, mask), certain: false };
  }
  if (column.type === "boolean") {
    const inBits = placeWithin(column.values, file, at);
    return inBits < 0 ? undefined : { rows: rowsOfBits(inBits, mask), certain: true };
  }
  if (column.type === "string" || column.type === "json") {
    return rowsOfText(column, file, at);
  }
  const inValues = placeWithin(column.values, file, at);
  return inValues < 0 ? undefined : { rows: [Math.floor(inValues / column.values.BYTES_PER_ELEMENT)], certain: true };
}

function rowsOfText(
  column: Extract<Column, { type: "string" | "json" }>,
  file: Uint8Array,
  at: number,
): { readonly rows: readonly number[]; readonly certain: boolean } | undefined {
  const inOffsets = placeWithin(column.offsets, file, at);
  if (inOffsets >= 0) {
    const offset = Math.floor(inOffsets / 4);
    return { rows: [offset - 1, offset], certain: false };
  }
  const inBytes = placeWithin(column.bytes, file, at);
  if (inBytes < 0) {
    return undefined;
  }
  const row = column.offsets.subarray(1, column.length + 1).findIndex((end) => inBytes < end);
  return { rows: row < 0 ? [] : [row], certain: false };
}

/** Where in a view the byte `at` of the file is, -1 if it is not in it. */
function placeWithin(view: ArrayBufferView, file: Uint8Array, at: number): number {
  const place = file.byteOffset + at - view.byteOffset;
  return view.buffer === file.buffer && place >= 0 && place < view.byteLength ? place : -1;
}

function rowsOfBits(byte: number, mask: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((mask >>> bit) & 1) === 1).map((bit) => byte * 8 + bit);
}
