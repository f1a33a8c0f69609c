import { bitmapBytes, setBit } from "../bitmap.js";
import { describe, FrameError } from "../frame-error.js";
import type { ColumnBuilder, ColumnBuilderOptions } from "./column-builder.js";
import { addNull, addValue, baseOf, DEFAULT_CAPACITY, grownSize, noRows } from "./rows.js";

/** A builder for a column of truth values. */
export function createBooleanBuilder({
  capacity = DEFAULT_CAPACITY,
  field,
}: ColumnBuilderOptions): ColumnBuilder<"boolean"> {
  const rows = noRows();
  let values = new Uint8Array(bitmapBytes(capacity));

  /** Makes room for one more row. */
  function reserve(): void {
    if (bitmapBytes(rows.length + 1) > values.length) {
      const larger = new Uint8Array(grownSize(values.length, 1));
      larger.set(values);
      values = larger;
    }
  }

  const builder: ColumnBuilder<"boolean"> = {
    type: "boolean",
    get length() {
      return rows.length;
    },
    append(value: unknown) {
      if (value === null || value === undefined) {
        builder.appendNull();
        return;
      }
      if (typeof value !== "boolean") {
        throw new FrameError(`${describe(value)} is not a boolean`, { field, row: rows.length });
      }
      reserve();
      if (value) {
        setBit(values, rows.length);
      }
      addValue(rows);
    },
    appendNull() {
      reserve();
      addNull(rows);
    },
    finish: () => ({ type: "boolean", ...baseOf(rows), values }),
  };
  return builder;
}
