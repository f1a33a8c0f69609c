import type { Column, ColumnOf } from "../column.js";
import type { FieldType, PlainNumberType } from "../field-type.js";
import { createBooleanBuilder } from "./boolean-builder.js";
import { createInt64Builder } from "./int64-builder.js";
import { createNumberBuilder } from "./number-builder.js";
import { createTextBuilder } from "./text-builder.js";

/** A moment: a `Date`, milliseconds since 1970 as a `number`, or nanoseconds since 1970 as a `bigint`. */
export type TimeValue = Date | number | bigint;

/** What a builder of each type appends. */
export interface AppendValues {
  /** Whole numbers from -128 to 127. */
  readonly int8: number;
  /** Whole numbers from -32,768 to 32,767. */
  readonly int16: number;
  /** Whole numbers of 32 bits. */
  readonly int32: number;
  /** A `number` must be whole and within ±(2^53 - 1), beyond which it is no longer exact. */
  readonly int64: number | bigint;
  /** Whole numbers from 0 to 255. */
  readonly uint8: number;
  /** Whole numbers from 0 to 65,535. */
  readonly uint16: number;
  /** Whole numbers of 32 bits without a sign. */
  readonly uint32: number;
  /** A `number` must be whole and not above 2^53 - 1, beyond which it is no longer exact. */
  readonly uint64: number | bigint;
  /** Rounded to the nearest float32; a finite number that is too large for one is an error. */
  readonly float32: number;
  /** Any number. */
  readonly float64: number;
  /** Moments, in any form that {@link TimeValue} has. */
  readonly time: TimeValue;
  /** The place in the texts of the enum. */
  readonly enum: number;
  /** A lone surrogate becomes U+FFFD. */
  readonly string: string;
  /** Anything that JSON can hold. A JSON `null` is written by `appendBytes`: `null` here is a row without a value. */
  readonly json: unknown;
  /** `true` and `false`. */
  readonly boolean: boolean;
}

/** Makes a column of values that come one after the other, without knowing beforehand how many. */
export interface ColumnBuilder<T extends FieldType = FieldType> {
  /** The type of the field that it builds. */
  readonly type: T;
  /** Rows so far. */
  readonly length: number;
  /**
   * Adds a row. `null` and `undefined` are rows without a value.
   * @throws {FrameError} naming the row, if the value does not fit the type; the row is not added then
   */
  append(value: AppendValues[T] | null | undefined): void;
  /** Adds a row without a value. */
  appendNull(): void;
  /** The column of the rows so far. The builder may not be used any more: the column has its memory. */
  finish(): ColumnOf<T>;
}

/** A builder for texts, which also takes the bytes that a reader has. */
export interface TextColumnBuilder<T extends "string" | "json"> extends ColumnBuilder<T> {
  /**
   * Adds a row with the text `bytes[start .. end)`, which is copied as it is and not checked to be UTF-8, or JSON.
   * @throws {RangeError} if there are no such bytes
   * @throws {FrameError} if all texts together exceed 2 GiB
   */
  appendBytes(bytes: Uint8Array, start?: number, end?: number): void;
  /**
   * Adds a row for each of the cells `from .. to`: with the text `bytes[starts[cell] .. starts[cell] + lengths[cell])`, or without
   * a value where `lengths[cell]` is below 0. Many at once are several times as quick as one after the other.
   * @throws {RangeError} if there are no such bytes; no row is added then
   * @throws {FrameError} if all texts together exceed 2 GiB; no row is added then
   */
  appendCells(bytes: Uint8Array, starts: Int32Array, lengths: Int32Array, from: number, to: number): void;
}

/** A builder for numbers of up to 32 bits, float64 or the places of an enum, which also takes many at once. */
export interface NumberColumnBuilder<T extends PlainNumberType = PlainNumberType> extends ColumnBuilder<T> {
  /**
   * Adds a row for each of the cells `from .. to`: with `numbers[cell]`, or without a value where `lengths[cell]` is below 0. It ends
   * before a number that does not fit the type.
   * @returns the cell that does not fit; `to` where all do
   */
  appendNumbers(numbers: Float64Array, lengths: Int32Array, from: number, to: number): number;
}

/** A builder for whole numbers of 64 bits with a sign, which also takes many at once without making a `bigint` of any. */
export interface IntegerColumnBuilder extends ColumnBuilder<"int64"> {
  /**
   * Adds a row for each of the cells `from .. to`: with the integer whose lower 32 bits are `halves[2 * cell]` and whose upper ones
   * `halves[2 * cell + 1]`, or without a value where `lengths[cell]` is below 0.
   */
  appendHalves(halves: Int32Array, lengths: Int32Array, from: number, to: number): void;
}

/** A builder for times, which also takes what a reader has without making a `bigint` of it. */
export interface TimeColumnBuilder extends ColumnBuilder<"time"> {
  /**
   * Adds a row with the moment `seconds`, a whole number that may be negative, and `nanoseconds`, from 0 to 999,999,999,
   * after 1970-01-01T00:00:00Z.
   * @throws {FrameError} naming the row, if it is out of range; the row is not added then
   */
  appendInstant(seconds: number, nanoseconds: number): void;
  /**
   * Adds a row for each of the cells `from .. to`: with the moment `seconds[cell]` and `nanoseconds[cell]`, as for
   * {@link appendInstant}, or without a value where `lengths[cell]` is below 0. It ends before a moment that is out of range.
   * @returns the cell that is out of range; `to` where none is
   */
  appendInstants(seconds: Float64Array, nanoseconds: Int32Array, lengths: Int32Array, from: number, to: number): number;
}

/** What the builders of all types are. */
interface AnyColumnBuilder {
  readonly type: FieldType;
  append(value: never): void;
  finish(): Column;
}

/** How a builder starts. */
export interface ColumnBuilderOptions {
  /** Rows to make room for at the start. It grows beyond them. Default 64. */
  readonly capacity?: number;
  /** The field's name, for errors. */
  readonly field?: string | undefined;
}

/**
 * A builder for a column of `type`. Values go straight into the memory that Arrow sends: nothing is kept as an object.
 *
 * ```ts
 * const celsius = columnBuilder("float64");
 * celsius.append(21.5);
 * celsius.appendNull();
 * field("celsius", celsius.finish());
 * ```
 */
export function columnBuilder<T extends "string" | "json">(
  type: T,
  options?: ColumnBuilderOptions,
): TextColumnBuilder<T>;
export function columnBuilder(type: "time", options?: ColumnBuilderOptions): TimeColumnBuilder;
export function columnBuilder(type: "int64", options?: ColumnBuilderOptions): IntegerColumnBuilder;
export function columnBuilder<T extends PlainNumberType>(
  type: T,
  options?: ColumnBuilderOptions,
): NumberColumnBuilder<T>;
export function columnBuilder<T extends FieldType>(type: T, options?: ColumnBuilderOptions): ColumnBuilder<T>;
export function columnBuilder(type: FieldType, options: ColumnBuilderOptions = {}): AnyColumnBuilder {
  switch (type) {
    case "int64":
    case "uint64":
    case "time":
      return createInt64Builder(type, options);
    case "string":
    case "json":
      return createTextBuilder(type, options);
    case "boolean":
      return createBooleanBuilder(options);
    default:
      return createNumberBuilder(type, options);
  }
}
