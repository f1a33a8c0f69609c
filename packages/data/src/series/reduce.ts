import { typedColumn } from "../columns.js";
import { type Field, field as makeField } from "../field.js";
import { isNumericType } from "../field-type.js";
import { columnOf } from "../fields/field-of.js";
import { NO_ROW } from "../take.js";
import { hasValue, readValue } from "../value.js";
import { type Fill, takeFilled } from "./fill.js";

/**
 * What becomes of the values of a field within one step:
 * - `"last"`, `"first"`: that of the last or first row, also where it is none;
 * - `"min"`, `"max"`: the least or greatest value; NaN counts only where there is nothing else;
 * - `"sum"`, `"mean"`, `"median"`: of all values, as float64;
 * - `"count"`: how many rows have a value, as int64, and 0 where none has.
 *
 * All but the first two pass over rows without a value, and need numbers: of a field of another type the last row stays.
 */
export type Reducer = "last" | "first" | "min" | "max" | "sum" | "mean" | "median" | "count";

/** The rows of each step: those of step `i` are `starts[i]` up to, but not with, `ends[i]`. */
export interface Steps {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A field with one row a step. Steps without a value are filled. */
export function reduceField(field: Field, steps: Steps, reducer: Reducer, fill: Fill): Field {
  const chosen = isNumericType(field.column.type) ? reducer : "last";
  switch (chosen) {
    case "last":
      return takeFilled(
        field,
        pickRows(steps, fill, (start, end) => (end > start ? end - 1 : NO_ROW)),
        fill,
      );
    case "first":
      return takeFilled(
        field,
        pickRows(steps, fill, (start, end) => (end > start ? start : NO_ROW)),
        fill,
      );
    case "min":
      return takeFilled(field, pickRows(steps, fill, extremeOf(field, -1)), fill);
    case "max":
      return takeFilled(field, pickRows(steps, fill, extremeOf(field, 1)), fill);
    case "count":
      return countField(field, steps);
    default:
      return computedField(field, steps, computations[chosen], fill);
  }
}

/** The row that stands for each step. An empty first step has the row before it to repeat, if it is to be repeated. */
function pickRows({ starts, ends }: Steps, fill: Fill, pick: (start: number, end: number) => number): Int32Array {
  const rows = starts.map((start, step) => pick(start, ends[step] ?? start));
  if (fill === "previous" && rows[0] === NO_ROW) {
    rows[0] = rowBefore(starts);
  }
  return rows;
}

function rowBefore(starts: Int32Array): number {
  return (starts[0] ?? 0) - 1;
}

/** Finds the row with the least (-1) or greatest (1) value. */
function extremeOf({ column }: Field, sign: -1 | 1): (start: number, end: number) => number {
  return (start, end) => {
    let best = NO_ROW;
    let bestValue: number | bigint = Number.NaN;
    for (let row = start; row < end; row++) {
      const value = readValue(column, row);
      if ((typeof value === "number" || typeof value === "bigint") && isBetter(value, bestValue, sign)) {
        best = row;
        bestValue = value;
      } else if (best === NO_ROW && value !== null) {
        best = row;
      }
    }
    return best;
  };
}

/** Whether a value is further in the direction; anything but NaN is better than NaN. */
function isBetter(value: number | bigint, than: number | bigint, sign: -1 | 1): boolean {
  if (Number.isNaN(than)) {
    return !Number.isNaN(value);
  }
  return sign < 0 ? value < than : value > than;
}

const computations = {
  sum: (values: Float64Array) => values.reduce((sum, value) => sum + value, 0),
  mean: (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length,
  median(values: Float64Array) {
    if (values.includes(Number.NaN)) {
      return Number.NaN;
    }
    const sorted = values.slice().sort();
    const middle = sorted.length >>> 1;
    const high = sorted[middle] ?? Number.NaN;
    return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
  },
};

function computedField(
  { name, labels, config, nullable, column }: Field,
  { starts, ends }: Steps,
  compute: (values: Float64Array) => number,
  fill: Fill,
): Field {
  const results = new Float64Array(starts.length);
  const rows = new Int32Array(starts.length).fill(NO_ROW);
  const set = (step: number, start: number, end: number): void => {
    const values: number[] = [];
    for (let row = start; row < end; row++) {
      if (hasValue(column, row)) {
        values.push(Number(readValue(column, row)));
      }
    }
    if (values.length > 0) {
      results[step] = compute(Float64Array.from(values));
      rows[step] = step;
    }
  };
  for (let step = 0; step < starts.length; step++) {
    set(step, starts[step] ?? 0, ends[step] ?? 0);
  }
  if (fill === "previous" && rows[0] === NO_ROW) {
    set(0, Math.max(0, rowBefore(starts)), starts[0] ?? 0);
  }
  const made = makeField(name, typedColumn("float64", results), { nullable });
  return takeFilled({ ...made, labels, config }, rows, fill);
}

function countField({ name, labels, config, column }: Field, { starts, ends }: Steps): Field {
  const counts = Array.from(starts, (start, step) => {
    let count = 0;
    for (let row = start; row < (ends[step] ?? start); row++) {
      count += hasValue(column, row) ? 1 : 0;
    }
    return count;
  });
  return { ...makeField(name, columnOf("int64", counts), { nullable: false }), labels, config };
}
