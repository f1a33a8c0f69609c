import { bitmapBytes, setBit } from "../bitmap.js";
import type { ColumnBase } from "../column.js";

/** Rows that a builder makes room for at the start, unless told otherwise. */
export const DEFAULT_CAPACITY = 64;

/** Which rows of a growing column have a value. */
export interface Rows {
  /** Rows so far. */
  length: number;
  nullCount: number;
  /** Absent until the first null: most columns have none. */
  validity: Uint8Array | undefined;
}

/** No rows yet. */
export function noRows(): Rows {
  return { length: 0, nullCount: 0, validity: undefined };
}

/** Counts a row with a value. */
export function addValue(rows: Rows): void {
  if (rows.validity !== undefined) {
    rows.validity = roomFor(rows.validity, rows.length);
    setBit(rows.validity, rows.length);
  }
  rows.length++;
}

/** Counts a row without a value. */
export function addNull(rows: Rows): void {
  rows.validity = roomFor(rows.validity ?? allOnes(rows.length), rows.length);
  rows.nullCount++;
  rows.length++;
}

/**
 * Counts the rows of cells `from .. to`: with a value where `lengths` has no number below 0.
 * @param clear takes the value of a row without one, where what was written there is left over from other cells
 */
export function addCells(
  rows: Rows,
  lengths: Int32Array,
  from: number,
  to: number,
  clear?: (row: number) => void,
): void {
  if (rows.validity === undefined && !hasNegative(lengths, from, to)) {
    rows.length += to - from;
    return;
  }
  for (let cell = from; cell < to; cell++) {
    if ((lengths[cell] ?? 0) < 0) {
      clear?.(rows.length);
      addNull(rows);
    } else {
      addValue(rows);
    }
  }
}

function hasNegative(numbers: Int32Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if ((numbers[at] ?? 0) < 0) {
      return true;
    }
  }
  return false;
}

/** Length and nulls of the finished column. */
export function baseOf({ length, nullCount, validity }: Rows): ColumnBase {
  return { length, nullCount, validity };
}

/** How many elements to make room for where `needed` do not fit in `size`: twice as many, so that appending stays linear. */
export function grownSize(size: number, needed: number): number {
  return Math.max(needed, size * 2, DEFAULT_CAPACITY);
}

function allOnes(length: number): Uint8Array {
  const bitmap = new Uint8Array(bitmapBytes(Math.max(length + 1, DEFAULT_CAPACITY)));
  bitmap.fill(0xff, 0, length >>> 3);
  bitmap[length >>> 3] = (1 << (length & 7)) - 1;
  return bitmap;
}

function roomFor(bitmap: Uint8Array, index: number): Uint8Array {
  const needed = bitmapBytes(index + 1);
  if (needed <= bitmap.length) {
    return bitmap;
  }
  const larger = new Uint8Array(bitmap.length * 2);
  larger.set(bitmap);
  return larger;
}
