import { emptyBitmap, getBit, setBit } from "./bitmap.js";
import type { Column, ColumnBase, FixedArrays, TextColumnBase } from "./column.js";
import { makeTypedColumn, withNulls } from "./columns.js";
import type { FixedType } from "./field-type.js";
import { isTypedColumn, newFixedArray } from "./fixed-arrays.js";
import { FrameError } from "./frame-error.js";

/** Stands among row numbers for a row that is not there. */
export const NO_ROW = -1;

/** What a row that is not there becomes: one without a value, or one with 0, `""` or `false`. */
export type Missing = "null" | "zero";

/** What 32-bit offsets can reach. */
const MAX_BYTES = 0x7fff_ffff;

/**
 * The rows of a column whose numbers `rows` gives, in that order; a number may come more than once. {@link NO_ROW}
 * becomes what `missing` says.
 * @throws {FrameError} if the texts of all rows together exceed 2 GiB
 */
export function takeRows<C extends Column>(column: C, rows: Int32Array, missing?: Missing): C;
export function takeRows(column: Column, rows: Int32Array, missing: Missing = "null"): Column {
  const base = takeNulls(column, rows, missing);
  if (isTypedColumn(column)) {
    return makeTypedColumn<FixedType>(column.type, takeValues(column.type, column.values, rows), base);
  }
  if (column.type === "boolean") {
    return { type: "boolean", ...base, values: takeBits(column.values, rows) };
  }
  return { type: column.type, ...base, ...takeTexts(column, rows) };
}

function takeNulls(column: Column, rows: Int32Array, missing: Missing): ColumnBase {
  const { validity } = column;
  if (validity === undefined && (missing === "zero" || !rows.includes(NO_ROW))) {
    return withNulls(rows.length, undefined);
  }
  const taken = emptyBitmap(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? NO_ROW;
    if (row === NO_ROW ? missing === "zero" : validity === undefined || getBit(validity, row)) {
      setBit(taken, i);
    }
  }
  return withNulls(rows.length, taken);
}

function takeValues<T extends FixedType>(type: T, values: FixedArrays[T], rows: Int32Array): FixedArrays[T] {
  const taken = newFixedArray(type, rows.length);
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] ?? NO_ROW];
    if (value !== undefined) {
      taken[i] = value;
    }
  }
  return taken;
}

function takeBits(bits: Uint8Array, rows: Int32Array): Uint8Array {
  const taken = emptyBitmap(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? NO_ROW;
    if (row !== NO_ROW && getBit(bits, row)) {
      setBit(taken, i);
    }
  }
  return taken;
}

function takeTexts({ offsets, bytes }: TextColumnBase, rows: Int32Array): Pick<TextColumnBase, "offsets" | "bytes"> {
  const taken = new Int32Array(rows.length + 1);
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? NO_ROW;
    total += row === NO_ROW ? 0 : (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
    if (total > MAX_BYTES) {
      throw new FrameError("the texts of a field may not exceed 2 GiB", { row: i });
    }
    taken[i + 1] = total;
  }
  const target = new Uint8Array(total);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? NO_ROW;
    if (row !== NO_ROW) {
      copyBytes(bytes, offsets[row] ?? 0, offsets[row + 1] ?? 0, target, taken[i] ?? 0);
    }
  }
  return { offsets: taken, bytes: target };
}

/** Up to this many bytes a loop beats a call that copies them at once. */
const SHORT = 24;

/** Copies `source[start .. end)` to `target[at ..]`. */
export function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > SHORT) {
    target.set(source.subarray(start, end), at);
    return;
  }
  for (let from = start, to = at; from < end; from++, to++) {
    target[to] = source[from] ?? 0;
  }
}
