import { type ColumnBuilder, columnBuilder } from "../build/column-builder.js";
import type { Column } from "../column.js";
import type { FieldType } from "../field-type.js";
import { FrameError } from "../frame-error.js";
import { anyIntegerOf, integerOf, numberOf, truthOf } from "../rows/convert.js";
import { type Instant, parseTimeText } from "../time-text.js";
import { encodeUtf8 } from "../utf8.js";
import { DOCUMENT_TEXT } from "./cell-text.js";
import { isJson, unquoted } from "./quoted.js";

/** A column in the making, of the cells of a golden text. */
export interface GoldenColumn {
  /**
   * Adds the row that a cell says; `undefined` is one without a value.
   * @throws {FrameError} naming field and row, if the cell is nothing of the column's type
   */
  append(cell: string | undefined): void;
  finish(): Column;
}

/**
 * A column of cells as `cellFormatter` writes them.
 * @param field the field's name, for errors
 * @param enumTexts the texts of an enum
 */
export function goldenColumn(type: FieldType, field: string, enumTexts: readonly string[]): GoldenColumn {
  const options = { field, capacity: 0 };
  switch (type) {
    case "string": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, unquoted, builder.append);
    }
    case "json": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, documentOf, (document) => builder.appendBytes(encodeUtf8(document)));
    }
    case "enum": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, (cell) => placeOf(cell, enumTexts), builder.append);
    }
    case "time": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, instantOf, ({ seconds, nanoseconds }) =>
        builder.appendInstant(seconds, nanoseconds),
      );
    }
    case "boolean": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, truthOf, builder.append);
    }
    case "float32":
    case "float64": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, numberOf, builder.append);
    }
    case "int64":
    case "uint64": {
      const builder = columnBuilder(type, options);
      return reading(builder, field, anyIntegerOf, builder.append);
    }
    default: {
      const builder = columnBuilder(type, options);
      return reading(builder, field, integerOf, builder.append);
    }
  }
}

function reading<V>(
  builder: Pick<ColumnBuilder, "type" | "length" | "appendNull" | "finish">,
  field: string,
  read: (cell: string) => V | undefined,
  add: (value: V) => void,
): GoldenColumn {
  return {
    append(cell) {
      if (cell === undefined) {
        builder.appendNull();
        return;
      }
      const value = read(cell);
      if (value === undefined) {
        throw new FrameError(`${shortened(cell)} is no cell of type ${builder.type}`, { field, row: builder.length });
      }
      add(value);
    },
    finish: () => builder.finish(),
  };
}

/** A cell as an error shows it: it may be a whole document. */
function shortened(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
}

function instantOf(cell: string): Instant | undefined {
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  return parseTimeText(cell, instant) ? instant : undefined;
}

function placeOf(cell: string, texts: readonly string[]): number | undefined {
  if (/^\d{1,5}$/.test(cell)) {
    return Number(cell);
  }
  const text = unquoted(cell);
  const place = text === undefined ? -1 : texts.indexOf(text);
  return place === -1 ? undefined : place;
}

function documentOf(cell: string): string | undefined {
  return cell.startsWith(`${DOCUMENT_TEXT} `)
    ? unquoted(cell.slice(DOCUMENT_TEXT.length + 1))
    : isJson(cell)
      ? cell
      : undefined;
}
