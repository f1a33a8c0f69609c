import { columnBuilder } from "../../build/column-builder.js";
import type { Column } from "../../column.js";
import type { Field } from "../../field.js";
import type { FieldType } from "../../field-type.js";
import { FrameError } from "../../frame-error.js";
import { encodeUtf8 } from "../../utf8.js";
import {
  accept,
  acceptNull,
  type Cursor,
  expect,
  parsed,
  readBoolean,
  readNumber,
  readText,
  readValue,
} from "./cursor.js";

/** What stands beside a field's values, since JSON has no words for it. */
export interface Beside {
  /** NaN and the infinities by row; among the values stands `null`. */
  readonly entities: ReadonlyMap<number, number> | undefined;
  /** Nanoseconds by which each row's time is past its millisecond. */
  readonly nanos: readonly number[] | undefined;
}

/**
 * Reads the list of a field's values as a column.
 * @throws {FrameError} naming field and row, if a value is not of the field's type
 */
export function readValues(cursor: Cursor, field: Field, beside: Beside): Column {
  return field.column.type === "json" ? readDocuments(cursor, field) : readPlain(cursor, field, beside);
}

function readPlain(cursor: Cursor, { name, column }: Field, { entities, nanos }: Beside): Column {
  const { type } = column;
  const builder = columnBuilder<FieldType>(type, { field: name });
  eachElement(cursor, () => {
    const row = builder.length;
    if (acceptNull(cursor)) {
      builder.append(entities?.get(row));
      return;
    }
    switch (type) {
      case "string":
        builder.append(readText(cursor));
        break;
      case "boolean":
        builder.append(readBoolean(cursor));
        break;
      case "float32":
      case "float64":
        builder.append(readFloat(cursor, name, row));
        break;
      case "time":
        builder.append(readTime(cursor, nanos?.[row] ?? 0, name, row));
        break;
      default:
        builder.append(readInteger(cursor, name, row, type === "int64" || type === "uint64"));
    }
  });
  return builder.finish();
}

function readDocuments(cursor: Cursor, { name, nullable }: Field): Column {
  const builder = columnBuilder("json", { field: name });
  eachElement(cursor, () => {
    const document = readValue(cursor);
    // A row without a value and a document that is null look the same; only one of them can be where there are no nulls.
    if (document === "null" && nullable) {
      builder.appendNull();
      return;
    }
    parsed(document, cursor.start + cursor.at - document.length);
    builder.appendBytes(encodeUtf8(document));
  });
  return builder.finish();
}

/** Reads a list, in which `read` reads one element. */
export function eachElement(cursor: Cursor, read: () => void): void {
  expect(cursor, "[");
  if (accept(cursor, "]")) {
    return;
  }
  do {
    read();
  } while (accept(cursor, ","));
  expect(cursor, "]");
}

function readFloat(cursor: Cursor, field: string, row: number): number {
  const token = readNumber(cursor);
  const value = Number(token);
  if (!Number.isFinite(value)) {
    throw new FrameError(`${token.slice(0, 40)} is beyond what floating point numbers can hold`, { field, row });
  }
  return value;
}

/** Characters of the longest integer of 64 bits. Reading a number of a million digits would take seconds. */
const MOST_DIGITS = 20;

/** Digits with which a whole number is exact in JavaScript. */
const SAFE_DIGITS = 15;

function readInteger(cursor: Cursor, field: string, row: number, isWide: boolean): number | bigint {
  const token = readNumber(cursor);
  if (!/^-?\d+$/.test(token)) {
    throw new FrameError(`${token.slice(0, 40)} is not an integer`, { field, row });
  }
  if (token.length > MOST_DIGITS) {
    throw new FrameError(`${token.slice(0, MOST_DIGITS)}… has more digits than integers of 64 bits`, { field, row });
  }
  return isWide && token.length > SAFE_DIGITS ? BigInt(token) : Number(token);
}

function readTime(cursor: Cursor, nanos: number, field: string, row: number): number | bigint {
  const milliseconds = readInteger(cursor, field, row, true);
  return nanos === 0 ? milliseconds : BigInt(milliseconds) * 1_000_000n + BigInt(nanos);
}
