import type { FixedType } from "./field-type.js";

/**
 * The values of one field, held as Apache Arrow lays them out in memory, so that encoding a frame
 * copies whole buffers and never touches a single value. Arrays may be longer than the rows need; the rest is ignored.
 *
 * Layouts: https://arrow.apache.org/docs/format/Columnar.html
 */
export type Column = TypedColumn | StringColumn | JsonColumn | BooleanColumn;

/** What columns of all types have in common. */
export interface ColumnBase {
  /** Number of rows. */
  readonly length: number;
  /** Number of rows without a value. */
  readonly nullCount: number;
  /**
   * One bit a row, least significant first, 1 where the row has a value. Absent when every row has one.
   * At least `ceil(length / 8)` bytes.
   */
  readonly validity: Uint8Array | undefined;
}

/** The typed array behind each type of a fixed width. */
export interface FixedArrays {
  /** One byte a value. */
  readonly int8: Int8Array;
  /** Two bytes a value. */
  readonly int16: Int16Array;
  /** Four bytes a value. */
  readonly int32: Int32Array;
  /** Eight bytes a value. */
  readonly int64: BigInt64Array;
  /** One byte a value. */
  readonly uint8: Uint8Array;
  /** Two bytes a value. */
  readonly uint16: Uint16Array;
  /** Four bytes a value. */
  readonly uint32: Uint32Array;
  /** Eight bytes a value. */
  readonly uint64: BigUint64Array;
  /** Four bytes a value. */
  readonly float32: Float32Array;
  /** NaN and the infinities are values, not nulls. */
  readonly float64: Float64Array;
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly time: BigInt64Array;
  /** Places in the texts of the field's `config.type.enum`. */
  readonly enum: Uint16Array;
}

/** The columns of the types of a fixed width, by type. */
export type TypedColumns = {
  readonly [T in FixedType]: ColumnBase & {
    readonly type: T;
    /** One element a row. What stands in a row without a value means nothing. */
    readonly values: FixedArrays[T];
  };
};

/** Numbers, times or enums: the values of a typed array. `TypedColumn<"int8">` is a column of one type. */
export type TypedColumn<T extends FixedType = FixedType> = TypedColumns[T];

/** The layout of {@link StringColumn} and {@link JsonColumn}. */
export interface TextColumnBase extends ColumnBase {
  /** `length + 1` byte positions into `bytes`; row `i` is `bytes[offsets[i] .. offsets[i + 1])`. */
  readonly offsets: Int32Array;
  /** The texts of all rows as UTF-8, one behind the other. */
  readonly bytes: Uint8Array;
}

/** Text. */
export interface StringColumn extends TextColumnBase {
  /** Always `string`. */
  readonly type: "string";
}

/** JSON documents, each as the text it was written as. */
export interface JsonColumn extends TextColumnBase {
  /** Always `json`. */
  readonly type: "json";
}

/** Truth values. */
export interface BooleanColumn extends ColumnBase {
  /** Always `boolean`. */
  readonly type: "boolean";
  /** One bit a row, least significant first, 1 for true. At least `ceil(length / 8)` bytes. */
  readonly values: Uint8Array;
}

/** The column of each type. */
export type ColumnOf<T extends Column["type"]> = Extract<Column, { readonly type: T }>;
