import { columnBuilder } from "../../build/column-builder.js";
import type { Column } from "../../column.js";
import type { Field } from "../../field.js";
import type { FieldType } from "../../field-type.js";
import { FrameError } from "../../frame-error.js";
import { encodeUtf8 } from "../../utf8.js";
import {
  acceptNull,
  type Cursor,
  eachElement,
  parsed,
  readBoolean,
  readNumber,
  readText,
  readValue,
} from "./cursor.js";
import type { Part } from "./parts.js";

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
export function readValues({ json, start }: Part, field: Field, beside: Beside): Column {
  const cursor = { text: json, start, at: 0 };
  return field.column.type === "json"
    ? readDocuments(cursor, field)
    : (readAtOnce(json, field, beside) ?? readOneByOne(cursor, field, beside));
}

/** Reads a list value by value. An error that knows no row gets the field's name and the row that was to come. */
function eachRow(cursor: Cursor, builder: { readonly length: number }, field: string, read: () => void): void {
  try {
    eachElement(cursor, read);
  } catch (cause) {
    const isNamed = !(cause instanceof FrameError) || cause.row !== undefined;
    throw isNamed ? cause : new FrameError(cause.message, { field, row: builder.length }, { cause });
  }
}

/**
 * Reads a list by `JSON.parse`, which is several times as fast as value by value; `undefined` where a value is one that it
 * would round or that does not belong there, of which {@link readOneByOne} knows more.
 */
function readAtOnce(list: string, { name, column }: Field, { entities, nanos }: Beside): Column | undefined {
  const { type } = column;
  const values = parsedList(list);
  const fits = fitsOf(type, list);
  if (values?.every((value) => value === null || fits(value)) !== true) {
    return undefined;
  }
  const builder = columnBuilder<FieldType>(type, { capacity: values.length, field: name });
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    // What stands among the values of an entity is null; anything else there gives way, as in Go.
    const entity = entities?.get(row);
    if (value === null || entity !== undefined) {
      builder.append(entity);
    } else {
      builder.append(type === "time" && typeof value === "number" ? timeOf(value, nanos?.[row] ?? 0) : value);
    }
  }
  return builder.finish();
}

function parsedList(json: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What tells whether a parsed value is of the type, and the very one that stands in the list. */
function fitsOf(type: FieldType, list: string): (value: unknown) => boolean {
  switch (type) {
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "float32":
    case "float64":
      return Number.isFinite;
    default:
      // Of 1.0 and 1e3, which are no integers to Go, JSON.parse makes some.
      return /[.eE]/.test(list) ? () => false : Number.isSafeInteger;
  }
}

function readOneByOne(cursor: Cursor, { name, column }: Field, { entities, nanos }: Beside): Column {
  const { type } = column;
  const builder = columnBuilder<FieldType>(type, { field: name });
  eachRow(cursor, builder, name, () => {
    const row = builder.length;
    const entity = entities?.get(row);
    if (entity !== undefined) {
      readValue(cursor);
      builder.append(entity);
      return;
    }
    if (acceptNull(cursor)) {
      builder.appendNull();
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
  eachRow(cursor, builder, name, () => {
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
  return timeOf(readInteger(cursor, field, row, true), nanos);
}

function timeOf(milliseconds: number | bigint, nanos: number): number | bigint {
  // To the builder a bigint is nanoseconds.
  return typeof milliseconds === "number" && nanos === 0
    ? milliseconds
    : BigInt(milliseconds) * 1_000_000n + BigInt(nanos);
}
