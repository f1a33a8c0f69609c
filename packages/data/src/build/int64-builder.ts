import type { ColumnOf } from "../column.js";
import { makeTypedColumn } from "../columns.js";
import { newFixedArray } from "../fixed-arrays.js";
import { describe, FrameError } from "../frame-error.js";
import {
  fitsInt64,
  fitsNanoseconds,
  fitsUint64,
  halvesOf,
  writeBillions,
  writeMilliseconds,
  writeSafeInteger,
} from "../int64.js";
import type { ColumnBuilder, ColumnBuilderOptions, IntegerColumnBuilder, TimeColumnBuilder } from "./column-builder.js";
import { addCells, addNull, addValue, baseOf, DEFAULT_CAPACITY, grownSize, noRows } from "./rows.js";

/** The types whose values take 64 bits and are read as a `bigint`. */
export type Int64Type = "int64" | "uint64" | "time";

/** A builder of any {@link Int64Type}, each of which offers to others what fits its type. */
type Int64Builder<T extends Int64Type> = ColumnBuilder<T> &
  Pick<TimeColumnBuilder, "appendInstant" | "appendInstants"> &
  Pick<IntegerColumnBuilder, "appendHalves">;

/** A builder for a column of 64-bit integers or of times. A `number` is written as two halves, without a `bigint`. */
export function createInt64Builder<T extends Int64Type>(
  type: T,
  { capacity = DEFAULT_CAPACITY, field }: ColumnBuilderOptions,
): Int64Builder<T> {
  const { write, problem } = kinds[type];
  const rows = noRows();
  let values = newFixedArray<Int64Type>(type, capacity);
  let halves = halvesOf(values);

  /** Makes room for so many more rows. */
  function reserve(more: number): void {
    if (rows.length + more > values.length) {
      const larger = newFixedArray<Int64Type>(type, grownSize(values.length, rows.length + more));
      halves = halvesOf(larger);
      halves.set(halvesOf(values));
      values = larger;
    }
  }

  const builder: Int64Builder<T> = {
    type,
    get length() {
      return rows.length;
    },
    append(value: unknown) {
      if (value === null || value === undefined) {
        builder.appendNull();
        return;
      }
      reserve(1);
      if (!write(values, halves, rows.length, value)) {
        throw new FrameError(problem(value), { field, row: rows.length });
      }
      addValue(rows);
    },
    appendInstant(seconds, nanoseconds) {
      if (!(Number.isInteger(nanoseconds) && nanoseconds >= 0 && nanoseconds < 1e9)) {
        throw new FrameError(`${nanoseconds} are no nanoseconds of a second`, { field, row: rows.length });
      }
      if (!fitsNanoseconds(seconds, nanoseconds)) {
        throw new FrameError(`${seconds} seconds since 1970 are ${OUT_OF_RANGE}`, { field, row: rows.length });
      }
      reserve(1);
      writeBillions(halves, rows.length, seconds, nanoseconds);
      addValue(rows);
    },
    appendInstants(seconds, nanoseconds, lengths, from, to) {
      reserve(to - from);
      const target = halves;
      const first = rows.length - from;
      let cell = from;
      for (; cell < to; cell++) {
        if ((lengths[cell] ?? 0) >= 0) {
          const second = seconds[cell] ?? 0;
          const nanosecond = nanoseconds[cell] ?? 0;
          if (!fitsNanoseconds(second, nanosecond)) {
            break;
          }
          writeBillions(target, first + cell, second, nanosecond);
        }
      }
      addCells(rows, lengths, from, cell);
      return cell;
    },
    appendHalves(source, lengths, from, to) {
      reserve(to - from);
      const target = halves;
      target.set(source.subarray(from * 2, to * 2), rows.length * 2);
      addCells(rows, lengths, from, to, (row) => target.fill(0, row * 2, row * 2 + 2));
    },
    appendNull() {
      reserve(1);
      addNull(rows);
    },
    finish: (): ColumnOf<T> => makeTypedColumn<Int64Type>(type, values, baseOf(rows)) as ColumnOf<T>,
  };
  return builder;
}

const OUT_OF_RANGE = "outside the years 1677 to 2262 that nanoseconds in 64 bits can hold";

type Int64Array = BigInt64Array | BigUint64Array;

interface Kind {
  /** Writes a value to element `row`; false where it is none of this type. */
  write(values: Int64Array, halves: Int32Array, row: number, value: unknown): boolean;
  /** What is wrong with a value that was not written. */
  problem(value: unknown): string;
}

const kinds: Readonly<Record<Int64Type, Kind>> = {
  int64: {
    write: (values, halves, row, value) => writeInteger(values, halves, row, value, Number.MIN_SAFE_INTEGER, fitsInt64),
    problem: (value) => problemOfInteger(value, "does not fit int64, which reaches from -2^63 to 2^63 - 1"),
  },
  uint64: {
    write: (values, halves, row, value) => writeInteger(values, halves, row, value, 0, fitsUint64),
    problem: (value) => problemOfInteger(value, "does not fit uint64, which reaches from 0 to 2^64 - 1"),
  },
  time: { write: writeTime, problem: problemOfTime },
};

function writeInteger(
  values: Int64Array,
  halves: Int32Array,
  row: number,
  value: unknown,
  least: number,
  fits: (value: bigint) => boolean,
): boolean {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) {
    writeSafeInteger(halves, row, value);
    return true;
  }
  if (typeof value === "bigint" && fits(value)) {
    values[row] = value;
    return true;
  }
  return false;
}

function problemOfInteger(value: unknown, unfit: string): string {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) {
    return `${describe(value)} ${unfit}`;
  }
  return Number.isInteger(value)
    ? `${describe(value)} is too large for a number to be exact; give it as a bigint`
    : `${describe(value)} is not an integer`;
}

function writeTime(values: Int64Array, halves: Int32Array, row: number, value: unknown): boolean {
  if (typeof value === "bigint" && fitsInt64(value)) {
    values[row] = value;
    return true;
  }
  return writeMilliseconds(halves, row, millisecondsOf(value));
}

/** NaN for what is no moment. */
function millisecondsOf(value: unknown): number {
  if (typeof value === "number") {
    return value;
  }
  return value instanceof Date ? value.getTime() : Number.NaN;
}

function problemOfTime(value: unknown): string {
  if (typeof value === "bigint" || Number.isFinite(millisecondsOf(value))) {
    return `${describe(value)} is ${OUT_OF_RANGE}`;
  }
  return `${describe(value)} is not a time; give a Date, milliseconds as a number or nanoseconds as a bigint`;
}
