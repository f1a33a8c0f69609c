import { columnBuilder } from "@framewright/data";
import { CellReport } from "./cell-report.js";
import { dateOf, eachCell, integerAt } from "./cells.js";
import type { CellWriter, ColumnType } from "./column-type.js";
import { bufferOf, jsonText, valueText } from "./value-text.js";

/**
 * Text, and what has no type of its own in Grafana: intervals, times of day, arrays, network addresses, enums, ranges,
 * spatial values, and whatever the kit does not know. Text is taken as it is, in UTF-8; of a driver's values, objects are
 * written as JSON.
 */
export const text = textType("string", valueText);

/** UUIDs, as text or as their 16 bytes. */
export const uuid = textType("string", (value) =>
  value instanceof Uint8Array && value.length === 16 ? uuidText(value) : valueText(value),
);

/**
 * JSON documents, which stay as they are written. The database must have checked them: Grafana cannot read an answer in
 * which one is wrong. A driver's value is a document that has been parsed.
 */
export const json = textType("json", jsonText);

/** How bytes become text: as hexadecimal digits, in base64, or as UTF-8 with U+FFFD for what is none. */
export type BytesEncoding = "hex" | "base64" | "utf8";

/**
 * Bytes, which Grafana has no type for, as text. PostgreSQL's text format has `bytea` in hexadecimal already: use {@link text}.
 * @param prefix what stands before the text of each, such as `0x`
 */
export function bytes(encoding: BytesEncoding, prefix = ""): ColumnType {
  const encode = (value: Uint8Array): string => prefix + bufferOf(value).toString(encoding);
  return textType("string", (value) => (value instanceof Uint8Array ? encode(value) : valueText(value)), encode);
}

/**
 * A column type of texts.
 * @param ofValue the text of what a driver has decoded; `undefined` for what has none
 * @param ofBytes the text of the bytes of a cell. Default: they are the text
 */
function textType(
  field: "string" | "json",
  ofValue: (value: unknown) => string | undefined,
  ofBytes?: (bytes: Uint8Array) => string,
): ColumnType {
  return { field, writer: (name, capacity, report) => textWriter(field, name, capacity, ofValue, ofBytes, report) };
}

function textWriter(
  field: "string" | "json",
  name: string,
  capacity: number | undefined,
  ofValue: (value: unknown) => string | undefined,
  ofBytes: ((bytes: Uint8Array) => string) | undefined,
  report = new CellReport(),
): CellWriter {
  const builder = columnBuilder<"string" | "json">(field, capacity === undefined ? {} : { capacity });

  function appendAny(value: unknown): void {
    if (value === null || value === undefined) {
      builder.appendNull();
      return;
    }
    const made = ofValue(value);
    if (made === undefined) {
      report.unreadable(builder.length, `a ${typeof value}`);
      builder.appendNull();
    } else if (field === "string") {
      builder.append(made);
    } else {
      // Already a document: the builder would write a text as one.
      builder.appendBytes(Buffer.from(made));
    }
  }

  /** Adds cells one by one. */
  function addEach(lengths: Int32Array, from: number, to: number, append: (cell: number) => void): void {
    eachCell(lengths, from, to, append, () => builder.appendNull());
  }

  const writer: CellWriter = {
    appendNull: () => builder.appendNull(),
    appendNumber: appendAny,
    appendInstant: (seconds, nanoseconds) => appendAny(dateOf(seconds, nanoseconds)),
    appendText(cell, start = 0, end = cell.length) {
      if (ofBytes === undefined && typeof cell !== "string") {
        builder.appendBytes(cell, start, end);
        return;
      }
      const source = typeof cell === "string" ? Buffer.from(cell.slice(start, end)) : cell;
      const [from, to] = typeof cell === "string" ? [0, source.length] : [start, end];
      if (ofBytes === undefined) {
        builder.appendBytes(source, from, to);
      } else {
        builder.appendBytes(Buffer.from(ofBytes(source.subarray(from, to))));
      }
    },
    appendTexts(source, starts, lengths, from, to) {
      if (ofBytes === undefined) {
        builder.appendCells(source, starts, lengths, from, to);
        return;
      }
      addEach(lengths, from, to, (cell) => {
        const start = starts[cell] ?? 0;
        writer.appendText(source, start, start + (lengths[cell] ?? 0));
      });
    },
    appendNumbers: (numbers, lengths, from, to) => addEach(lengths, from, to, (cell) => appendAny(numbers[cell])),
    appendIntegers: (halves, lengths, from, to) =>
      addEach(lengths, from, to, (cell) => appendAny(integerAt(halves, cell))),
    appendInstants: (seconds, nanoseconds, lengths, from, to) =>
      addEach(lengths, from, to, (cell) => appendAny(dateOf(seconds[cell] ?? 0, nanoseconds[cell] ?? 0))),
    append: appendAny,
    finish() {
      report.endPiece(builder.length);
      return { column: builder.finish(), notices: report.notices(name, field) };
    },
  };
  return writer;
}

function uuidText(value: Uint8Array): string {
  return bufferOf(value)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
