import type { ColumnOf } from "../column.js";
import { makeTypedColumn } from "../columns.js";
import type { PlainNumberType } from "../field-type.js";
import { newFixedArray } from "../fixed-arrays.js";
import { describe, FrameError } from "../frame-error.js";
import type { ColumnBuilderOptions, NumberColumnBuilder } from "./column-builder.js";
import { addCells, addNull, addValue, baseOf, DEFAULT_CAPACITY, grownSize, noRows } from "./rows.js";

/** Least and greatest value of each type of whole numbers. */
const bounds: Readonly<Record<Exclude<PlainNumberType, "float32" | "float64">, readonly [number, number]>> = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint8: [0, 0xff],
  uint16: [0, 0xffff],
  uint32: [0, 0xffff_ffff],
  enum: [0, 0xffff],
};

/** A builder for a column of numbers. */
export function createNumberBuilder<T extends PlainNumberType>(
  type: T,
  { capacity = DEFAULT_CAPACITY, field }: ColumnBuilderOptions,
): NumberColumnBuilder<T> {
  const problem = checkOf(type);
  const rows = noRows();
  let values = newFixedArray(type, capacity);

  /** Makes room for so many more rows. */
  function reserve(more: number): void {
    if (rows.length + more > values.length) {
      const larger = newFixedArray(type, grownSize(values.length, rows.length + more));
      larger.set(values);
      values = larger;
    }
  }

  const builder: NumberColumnBuilder<T> = {
    type,
    get length() {
      return rows.length;
    },
    append(value: unknown) {
      if (value === null || value === undefined) {
        builder.appendNull();
        return;
      }
      if (typeof value !== "number") {
        throw new FrameError(`${describe(value)} is not a number`, { field, row: rows.length });
      }
      const wrong = problem?.(value);
      if (wrong !== undefined) {
        throw new FrameError(wrong, { field, row: rows.length });
      }
      reserve(1);
      values[rows.length] = value;
      addValue(rows);
    },
    appendNumbers(numbers, lengths, from, to) {
      reserve(to - from);
      const target = values;
      const fitting = problem === undefined ? to : firstUnfit(numbers, lengths, from, to, problem);
      target.set(numbers.subarray(from, fitting), rows.length);
      addCells(rows, lengths, from, fitting, (row) => {
        target[row] = 0;
      });
      return fitting;
    },
    appendNull() {
      reserve(1);
      addNull(rows);
    },
    finish: (): ColumnOf<T> => makeTypedColumn(type, values, baseOf(rows)) as ColumnOf<T>,
  };
  return builder;
}

/** The first of the cells whose number has a problem; `to` where none has. */
function firstUnfit(
  numbers: Float64Array,
  lengths: Int32Array,
  from: number,
  to: number,
  problem: (value: number) => string | undefined,
): number {
  for (let cell = from; cell < to; cell++) {
    if ((lengths[cell] ?? 0) >= 0 && problem(numbers[cell] ?? 0) !== undefined) {
      return cell;
    }
  }
  return to;
}

/** What says why a number does not fit `type`; nothing where each does. */
function checkOf(type: PlainNumberType): ((value: number) => string | undefined) | undefined {
  if (type === "float64") {
    return undefined;
  }
  if (type === "float32") {
    return (value) =>
      Number.isFinite(value) && !Number.isFinite(Math.fround(value))
        ? `${value} is too large for a float32`
        : undefined;
  }
  const [least, most] = bounds[type];
  return (value) => {
    if (value >= least && value <= most && Number.isInteger(value)) {
      return undefined;
    }
    return Number.isInteger(value)
      ? `${value} does not fit ${type}, which reaches from ${least} to ${most}`
      : `${value} is not an integer`;
  };
}
