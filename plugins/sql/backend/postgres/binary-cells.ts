import type { CellWriter } from "@framewright/sdk/sql";
import { BATCH_ROWS, type CellPlaces } from "./row-batch.js";
import { unreadable } from "./server-error.js";

/*
 * Cells in PostgreSQL's binary format, which is that of the functions `…send` of each type.
 */

/** Puts the cells of rows `0 .. count` of a column into it. @throws ConnectionLostError where one is not as long as its type */
export type ReadCells = (column: CellWriter, view: DataView, places: CellPlaces, count: number) => void;

/** What was read and is not in its column yet. Columns are read one after the other. */
const numbers = new Float64Array(BATCH_ROWS);
const halves = new Int32Array(2 * BATCH_ROWS);
const seconds = new Float64Array(BATCH_ROWS);
const nanoseconds = new Int32Array(BATCH_ROWS);

/** Days from 1970 to 2000, from which PostgreSQL counts. */
const DAYS_TO_2000 = 10_957;
const SECONDS_TO_2000 = DAYS_TO_2000 * 86_400;

export const readInt2 = numberReader(2, (view, at) => view.getInt16(at));
export const readInt4 = numberReader(4, (view, at) => view.getInt32(at));
export const readUint4 = numberReader(4, (view, at) => view.getUint32(at));
export const readFloat8 = numberReader(8, (view, at) => view.getFloat64(at));

function numberReader(width: number, read: (view: DataView, at: number) => number): ReadCells {
  return (column, view, { starts, lengths }, count) => {
    for (let row = 0; row < count; row++) {
      if (isValue(lengths, row, width)) {
        numbers[row] = read(view, starts[row] ?? 0);
      }
    }
    column.appendNumbers(numbers, lengths, 0, count);
  };
}

export function readInt8(column: CellWriter, view: DataView, { starts, lengths }: CellPlaces, count: number): void {
  for (let row = 0; row < count; row++) {
    if (isValue(lengths, row, 8)) {
      const at = starts[row] ?? 0;
      halves[2 * row] = view.getInt32(at + 4);
      halves[2 * row + 1] = view.getInt32(at);
    }
  }
  column.appendIntegers(halves, lengths, 0, count);
}

export function readDate(column: CellWriter, view: DataView, { starts, lengths }: CellPlaces, count: number): void {
  let from = 0;
  for (let row = 0; row < count; row++) {
    if (isValue(lengths, row, 4)) {
      const days = view.getInt32(starts[row] ?? 0);
      seconds[row] = (days + DAYS_TO_2000) * 86_400;
      nanoseconds[row] = 0;
      if (days === 0x7fff_ffff || days === -0x8000_0000) {
        column.appendInstants(seconds, nanoseconds, lengths, from, row);
        column.appendText(days > 0 ? "infinity" : "-infinity");
        from = row + 1;
      }
    }
  }
  column.appendInstants(seconds, nanoseconds, lengths, from, count);
}

/** Microseconds since 2000. Their halves are put together as a `number`, which has them exact for 285 years around. */
export function readTimestamp(
  column: CellWriter,
  view: DataView,
  { starts, lengths }: CellPlaces,
  count: number,
): void {
  let from = 0;
  for (let row = 0; row < count; row++) {
    if (isValue(lengths, row, 8)) {
      const at = starts[row] ?? 0;
      const microseconds = view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
      if (Number.isSafeInteger(microseconds)) {
        const second = Math.floor(microseconds / 1e6);
        seconds[row] = second + SECONDS_TO_2000;
        nanoseconds[row] = (microseconds - second * 1e6) * 1_000;
      } else {
        column.appendInstants(seconds, nanoseconds, lengths, from, row);
        appendFarTimestamp(column, view.getBigInt64(at));
        from = row + 1;
      }
    }
  }
  column.appendInstants(seconds, nanoseconds, lengths, from, count);
}

const INFINITY = 2n ** 63n - 1n;
const MINUS_INFINITY = -(2n ** 63n);

function appendFarTimestamp(column: CellWriter, microseconds: bigint): void {
  if (microseconds === INFINITY) {
    column.appendText("infinity");
  } else if (microseconds === MINUS_INFINITY) {
    column.appendText("-infinity");
  } else {
    const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
    column.appendInstant(Number((microseconds - rest) / 1_000_000n) + SECONDS_TO_2000, Number(rest) * 1_000);
  }
}

/** Whether a row has a value. */
function isValue(lengths: Int32Array, row: number, width: number): boolean {
  const length = lengths[row] ?? 0;
  if (length >= 0 && length !== width) {
    throw unreadable();
  }
  return length >= 0;
}
