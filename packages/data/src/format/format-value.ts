import type { TypedColumn } from "../column.js";
import type { Field } from "../field.js";
import { shortFloat32 } from "../float32.js";
import { halvesOf, millisecondsAt, nanosecondsPastMillisecondAt } from "../int64.js";
import { enumTextAt, hasValue, valueAt } from "../value.js";

/**
 * Makes texts of a field's rows. The precision of times is that of the most precise of `rows`; a float32 has the digits
 * that tell it from others; an enum's value is its text, or its number where it has none; JSON is the document.
 */
export function valueFormatter(field: Field, rows: readonly number[]): (row: number) => string {
  const { column } = field;
  const format = column.type === "time" ? timeFormatter(column, rows) : (row: number) => textOf(field, row);
  return (row) => (hasValue(column, row) ? format(row) : "null");
}

function textOf(field: Field, row: number): string {
  const value = (field.column.type === "enum" ? enumTextAt(field, row) : null) ?? valueAt(field, row);
  if (typeof value === "string") {
    return oneLine(value);
  }
  if (typeof value !== "number") {
    return String(value);
  }
  return Object.is(value, -0) ? "-0" : String(field.column.type === "float32" ? shortFloat32(value) : value);
}

function timeFormatter(column: TypedColumn<"time">, rows: readonly number[]): (row: number) => string {
  const halves = halvesOf(column.values);
  const shown = rows.filter((row) => hasValue(column, row));
  const digits = shown.reduce(
    (most, row) => Math.max(most, digitsOf(millisecondsAt(halves, row), nanosecondsPastMillisecondAt(halves, row))),
    0,
  );
  return (row) => {
    // Nanoseconds in 64 bits never leave what a Date can hold, and never need a year of more than four digits.
    const iso = new Date(millisecondsAt(halves, row)).toISOString();
    if (digits === 0) {
      return `${iso.slice(0, 19)}Z`;
    }
    const fraction = iso.slice(20, 23) + String(nanosecondsPastMillisecondAt(halves, row)).padStart(6, "0");
    return `${iso.slice(0, 19)}.${fraction.slice(0, digits)}Z`;
  };
}

/** Decimal places of a second that a time needs, in steps of three. */
function digitsOf(milliseconds: number, nanoseconds: number): number {
  if (nanoseconds !== 0) {
    return nanoseconds % 1000 === 0 ? 6 : 9;
  }
  return milliseconds % 1000 === 0 ? 0 : 3;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text without what would break the table or command the terminal: control characters become escapes. */
export function oneLine(text: string): string {
  return text.replace(
    /[\p{Control}\u2028\u2029]/gu,
    (char) => escapes[char] ?? `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
