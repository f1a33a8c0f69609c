/*
 * Cells of many rows, for columns that take them one by one.
 */

/** Does something with each of the cells `from .. to`, by whether it has a value: `lengths[cell]` is below 0 where it has none. */
export function eachCell(
  lengths: Int32Array,
  from: number,
  to: number,
  append: (cell: number) => void,
  appendNull: () => void,
): void {
  for (let cell = from; cell < to; cell++) {
    if ((lengths[cell] ?? 0) < 0) {
      appendNull();
    } else {
      append(cell);
    }
  }
}

/** The whole number of 64 bits of a cell, lower half first. */
export function integerAt(halves: Int32Array, cell: number): bigint {
  return (BigInt(halves[2 * cell + 1] ?? 0) << 32n) | BigInt((halves[2 * cell] ?? 0) >>> 0);
}

/** A moment, to the millisecond. */
export function dateOf(seconds: number, nanoseconds: number): Date {
  return new Date(seconds * 1_000 + Math.floor(nanoseconds / 1_000_000));
}
