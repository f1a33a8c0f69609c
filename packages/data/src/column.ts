/**
 * The values of one field, held as Apache Arrow lays them out in memory, so that encoding a frame
 * copies whole buffers and never touches a single value. Arrays may be longer than the rows need; the rest is ignored.
 *
 * Layouts: https://arrow.apache.org/docs/format/Columnar.html
 */
export type Column = TimeColumn | Float64Column | Int64Column | StringColumn | BooleanColumn;

/** The names of the field types, as a column's `type` gives them. */
export type FieldType = Column["type"];

interface ColumnBase {
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

/** Moments in time. */
export interface TimeColumn extends ColumnBase {
  readonly type: "time";
  /** Nanoseconds since 1970-01-01T00:00:00Z, one element a row. What stands in a row without a value means nothing. */
  readonly values: BigInt64Array;
}

/** IEEE 754 double precision numbers; NaN and the infinities are values, not nulls. */
export interface Float64Column extends ColumnBase {
  readonly type: "float64";
  /** One element a row. */
  readonly values: Float64Array;
}

/** Signed 64-bit integers, exact beyond 2^53. */
export interface Int64Column extends ColumnBase {
  readonly type: "int64";
  /** One element a row. */
  readonly values: BigInt64Array;
}

/** Text. */
export interface StringColumn extends ColumnBase {
  readonly type: "string";
  /** `length + 1` byte positions into `bytes`; row `i` is `bytes[offsets[i] .. offsets[i + 1])`. */
  readonly offsets: Int32Array;
  /** The texts of all rows as UTF-8, one behind the other. */
  readonly bytes: Uint8Array;
}

/** Truth values. */
export interface BooleanColumn extends ColumnBase {
  readonly type: "boolean";
  /** One bit a row, least significant first, 1 for true. At least `ceil(length / 8)` bytes. */
  readonly values: Uint8Array;
}
