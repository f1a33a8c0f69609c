import type { TypedColumn } from "../column.js";
import type { Field } from "../field.js";
import { isNumericType, type NumericType } from "../field-type.js";
import { columnOf } from "../fields/field-of.js";
import { FrameError } from "../frame-error.js";
import { NO_ROW, takeRows } from "../take.js";

/**
 * What stands where a series has no value:
 * - `"null"`: no value;
 * - `"previous"`: the value before it in the same series; none where there is none before it;
 * - `{ value }`: this number, without its fraction where the field holds whole numbers; a field that holds no numbers is
 *   left as it would be by `"none"`;
 * - `"none"`: what a field starts with: no value, or 0, `""` or `false` where the field is not nullable. The Go SDK does
 *   so unless told otherwise, and cannot tell such a 0 from a measured one.
 */
export type Fill = "null" | "previous" | "none" | { readonly value: number };

/**
 * The rows of a field whose numbers `rows` gives, filled where they are {@link NO_ROW}. `rows` is changed for `"previous"`.
 * The field becomes nullable where the fill may leave rows without a value.
 * @throws {FrameError} naming the field, if the fill value does not fit its type
 */
export function takeFilled(field: Field, rows: Int32Array, fill: Fill): Field {
  if (fill === "null" || fill === "previous") {
    if (fill === "previous") {
      repeatPrevious(rows);
    }
    return { ...field, nullable: true, column: takeRows(field.column, rows) };
  }
  const { column } = field;
  if (fill !== "none" && isNumericColumn(column)) {
    const filled = takeRows(column, rows, "zero");
    writeConstant(filled, rows, fillValue(column.type, fill.value, field.name));
    return { ...field, column: filled };
  }
  return { ...field, column: takeRows(column, rows, field.nullable ? "null" : "zero") };
}

function repeatPrevious(rows: Int32Array): void {
  for (let i = 1; i < rows.length; i++) {
    if (rows[i] === NO_ROW) {
      rows[i] = rows[i - 1] ?? NO_ROW;
    }
  }
}

/** The fill value as a column of one row. */
function fillValue(type: NumericType, value: number, name: string): TypedColumn {
  const isFloat = type === "float32" || type === "float64";
  try {
    return columnOf(type, [isFloat ? value : wholeOf(value)], name);
  } catch (cause) {
    throw new FrameError(`the fill value ${value} does not fit ${type}`, { field: name }, { cause });
  }
}

/** The value without its fraction, never -0. */
function wholeOf(value: number): number {
  return Math.trunc(value) + 0;
}

function writeConstant(column: TypedColumn, rows: Int32Array, constant: TypedColumn): void {
  const { values } = column;
  const value = constant.values[0];
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === NO_ROW && value !== undefined) {
      values[i] = value;
    }
  }
}

function isNumericColumn(column: Field["column"]): column is TypedColumn<NumericType> {
  return isNumericType(column.type);
}
