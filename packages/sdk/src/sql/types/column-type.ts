import { type AppendValues, type Column, columnBuilder, type FieldType, type Notice } from "@framewright/data";
import type { CellReport } from "./cell-report.js";
import { readingWriter } from "./reading-writer.js";

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
  /**
   * Adds the cells `from .. to`, each as {@link appendText} adds the bytes `starts[cell] .. starts[cell] + lengths[cell]`, or without a
   * value where `lengths[cell]` is below 0. A reader that has many rows before it reads them column by column: many cells at once
   * are several times as quick as one after the other, here and in the three methods below.
   */
  appendTexts(bytes: Uint8Array, starts: Int32Array, lengths: Int32Array, from: number, to: number): void;
  /** Adds the cells `from .. to`, each as {@link appendNumber} adds `numbers[cell]`, or without a value where `lengths[cell]` is below 0. */
  appendNumbers(numbers: Float64Array, lengths: Int32Array, from: number, to: number): void;
  /**
   * Adds the cells `from .. to`, each a whole number of 64 bits with a sign, of which the lower 32 bits are `halves[2 * cell]` and the
   * upper ones `halves[2 * cell + 1]`, or without a value where `lengths[cell]` is below 0.
   */
  appendIntegers(halves: Int32Array, lengths: Int32Array, from: number, to: number): void;
  /**
   * Adds the cells `from .. to`, each as {@link appendInstant} adds `seconds[cell]` and `nanoseconds[cell]`, or without a value where
   * `lengths[cell]` is below 0.
   */
  appendInstants(seconds: Float64Array, nanoseconds: Int32Array, lengths: Int32Array, from: number, to: number): void;
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
