import {
  type AppendValues,
  type Column,
  type ColumnBuilder,
  columnBuilder,
  type FieldType,
  FrameError,
  isNumericType,
  type Notice,
  type TimeColumnBuilder,
} from "@framewright/data";
import { CellReport } from "./cell-report.js";
import { bufferOf } from "./value-text.js";

/** Takes the cells of one column of a result, one a row. No cell is refused: one that cannot be read leaves its row empty. */
export interface CellWriter {
  /** Adds a cell without a value. */
  appendNull(): void;
  /**
   * Adds a cell as the database writes it in text.
   * @param text the bytes `start .. end` of which are the cell, in UTF-8; or a string
   */
  appendText(text: Uint8Array | string, start?: number, end?: number): void;
  /** Adds a cell that is a number already, as a reader of a binary format has it. For a column of numbers nothing is made of it. */
  appendNumber(value: number): void;
  /**
   * Adds a cell that is the moment `seconds`, a whole number that may be negative, and `nanoseconds`, from 0 to 999,999,999,
   * after 1970-01-01T00:00:00Z.
   */
  appendInstant(seconds: number, nanoseconds: number): void;
  /** Adds a cell as a driver decoded it: `null`, a string, number, `bigint`, boolean, `Date`, bytes or an object. */
  append(value: unknown): void;
  /** The column of the cells so far, and what a user has to know of it. The writer may not be used any more. */
  finish(): FinishedCells;
}

/** What a {@link CellWriter} has made. */
export interface FinishedCells {
  /** The values, as a frame's field holds them. */
  readonly column: Column;
  /** What is to be told of cells that did not fit. */
  readonly notices: readonly Notice[];
}

/** What becomes of a column of a database, by its type. */
export interface ColumnType {
  /** The type of the field. */
  readonly field: FieldType;
  /**
   * Makes what takes the cells of one such column.
   * @param name the column's name, for notices
   * @param capacity rows to make room for at the start
   * @param report where the column is a piece of a longer one: what takes note for all of them
   */
  writer(name: string, capacity?: number, report?: CellReport): CellWriter;
}

/** How cells of a type are read. What cannot be read is `undefined`. */
export interface CellReader<T extends FieldType> {
  /** A cell as the database writes it: `bytes[start .. end)`. `rounded()` says that it lost digits. */
  fromText(bytes: Uint8Array, start: number, end: number, rounded: () => void): AppendValues[T] | undefined;
  /**
   * A cell as a driver decoded it, which is neither `null` nor `undefined`, no string and no bytes, which are text. Default:
   * its own text is read.
   */
  fromValue?(value: unknown, rounded: () => void): AppendValues[T] | undefined;
}

/**
 * A column type of one's own.
 *
 * ```ts
 * const cents = columnType("float64", { fromText: (bytes, start, end) => Number(text(bytes, start, end)) / 100 });
 * ```
 */
export function columnType<T extends FieldType>(field: T, reader: CellReader<T>): ColumnType {
  return {
    field,
    writer: (name, capacity, report) =>
      readingWriter(columnBuilder(field, capacity === undefined ? {} : { capacity }), reader, name, report),
  };
}

function readingWriter<T extends FieldType>(
  builder: ColumnBuilder<T>,
  reader: CellReader<T>,
  name: string,
  report = new CellReport(),
): CellWriter {
  const rounded = (): void => report.rounded(builder.length);

  const numbers = takesNumbers(builder) ? builder : undefined;
  const times = takesInstants(builder) ? builder : undefined;

  /** Adds a value; false, and nothing is added, if it is none or the column cannot hold it. */
  function add(value: AppendValues[T] | undefined): boolean {
    if (value === undefined) {
      return false;
    }
    try {
      builder.append(value);
      return true;
    } catch (error) {
      return refused(error);
    }
  }

  function addUnreadable(value: string): void {
    report.unreadable(builder.length, value);
    builder.appendNull();
  }

  function addBytes(bytes: Uint8Array, start: number, end: number): void {
    if (!add(reader.fromText(bytes, start, end, rounded))) {
      addUnreadable(bufferOf(bytes.subarray(start, end)).toString());
    }
  }

  function appendAny(value: unknown): void {
    if (value === null || value === undefined) {
      builder.appendNull();
    } else if (value instanceof Uint8Array) {
      addBytes(value, 0, value.length);
    } else if (typeof value === "string" || reader.fromValue === undefined) {
      const bytes = Buffer.from(typeof value === "string" ? value : describeValue(value));
      addBytes(bytes, 0, bytes.length);
    } else if (!add(reader.fromValue(value, rounded))) {
      addUnreadable(describeValue(value));
    }
  }

  return {
    appendNull: () => builder.appendNull(),
    appendNumber(value) {
      if (numbers === undefined) {
        appendAny(value);
        return;
      }
      try {
        numbers.append(value);
      } catch (error) {
        refused(error);
        addUnreadable(String(value));
      }
    },
    appendInstant(seconds, nanoseconds) {
      if (times === undefined) {
        appendAny(new Date(seconds * 1_000 + Math.floor(nanoseconds / 1_000_000)));
        return;
      }
      try {
        times.appendInstant(seconds, nanoseconds);
      } catch (error) {
        refused(error);
        addUnreadable(describeValue(new Date(seconds * 1_000)));
      }
    },
    appendText(text, start = 0, end = text.length) {
      if (typeof text === "string") {
        const bytes = Buffer.from(text.slice(start, end));
        addBytes(bytes, 0, bytes.length);
      } else {
        addBytes(text, start, end);
      }
    },
    append: appendAny,
    finish() {
      report.endPiece(builder.length);
      return { column: builder.finish(), notices: report.notices(name, builder.type) };
    },
  };
}

/** False for a value that the builder did not take. Other errors are thrown on. */
function refused(error: unknown): false {
  if (error instanceof FrameError) {
    return false;
  }
  throw error;
}

/** A builder of which no more is known. */
interface AnyBuilder {
  readonly type: FieldType;
}

function takesNumbers(builder: AnyBuilder): builder is ColumnBuilder<"float64"> {
  return isNumericType(builder.type);
}

function takesInstants(builder: AnyBuilder): builder is TimeColumnBuilder {
  return builder.type === "time";
}

/** The text of a value. Objects may have none of their own, so they are not asked for one. */
function describeValue(value: unknown): string {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  return typeof value === "object" ? "an object" : String(value);
}
