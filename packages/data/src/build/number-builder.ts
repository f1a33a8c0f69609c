import type { ColumnOf } from "../column.js";
import { makeTypedColumn } from "../columns.js";
import type { FixedType } from "../field-type.js";
import { newFixedArray } from "../fixed-arrays.js";
import { describe, FrameError } from "../frame-error.js";
import type { ColumnBuilder, ColumnBuilderOptions } from "./column-builder.js";
import { addNull, addValue, baseOf, DEFAULT_CAPACITY, grownSize, noRows } from "./rows.js";

/** The types whose values JavaScript reads as a `number`. */
export type PlainNumberType = Exclude<FixedType, "int64" | "uint64" | "time">;

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
): ColumnBuilder<T> {
  const problem = checkOf(type);
  const rows = noRows();
  let values = newFixedArray(type, capacity);

  /** Makes room for one more row. */
  function reserve(): void {
    if (rows.length === values.length) {
      const larger = newFixedArray(type, grownSize(values.length, rows.length + 1));
      larger.set(values);
      values = larger;
    }
  }

  const builder: ColumnBuilder<T> = {
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
      reserve();
      values[rows.length] = value;
      addValue(rows);
    },
    appendNull() {
      reserve();
      addNull(rows);
    },
    finish: (): ColumnOf<T> => makeTypedColumn(type, values, baseOf(rows)) as ColumnOf<T>,
  };
  return builder;
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
