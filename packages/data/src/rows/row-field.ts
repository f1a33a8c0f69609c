import type { FieldOptions } from "../field.js";
import type { EnumFieldConfig } from "../field-config.js";
import type { FieldType } from "../field-type.js";
import type { RowSource } from "./row-source.js";

/** What a number counts since 1970-01-01T00:00:00Z: seconds, milliseconds, microseconds or nanoseconds. */
export type Epoch = "s" | "ms" | "us" | "ns";

/**
 * One field of the frame that `frameFromRows` makes: where in a row its value is, its type, and how Grafana shows it.
 * The keys of `FieldConfig` (`unit`, `decimals`, `displayName`, …), `labels` and `nullable` stand beside the others.
 */
export type RowField<Row> = RowFieldType & {
  /**
   * Where the value is: a key, a path of keys with dots between them (`"main.temp"`), an index for rows that are arrays,
   * or a function of the row. Default: the key that is the field's name; for rows that are arrays, the field's place.
   */
  readonly from?: RowSource<Row>;
};

/** A {@link RowField} that has its name with it, for fields that are given as an array. */
export type NamedRowField<Row> = RowField<Row> & { readonly name: string };

/** The type of a field's values, and what belongs to it. */
export type RowFieldType = TimeRowField | EnumRowField | PlainRowField | InferredRowField;

/** What fields of all types may have. A field's config has a `type` too, which `enum` stands for here. */
type RowFieldOptions = Omit<FieldOptions, "name" | "type">;

/** A moment: a `Date`, a number, a bigint, or a text such as `2024-05-31T14:30:05.123456789Z`. */
interface TimeRowField extends RowFieldOptions {
  readonly type: "time";
  /**
   * What numbers, bigints and texts of digits count. Without it numbers are milliseconds and bigints nanoseconds, as
   * everywhere in this package, and a text of digits is no time.
   */
  readonly epoch?: Epoch;
}

/** One of few texts. */
interface EnumRowField extends RowFieldOptions {
  readonly type: "enum";
  /** The texts and how they look. Without it they are gathered from the rows. */
  readonly enum?: EnumFieldConfig;
}

/** A value of any other type. */
interface PlainRowField extends RowFieldOptions {
  readonly type: Exclude<FieldType, "time" | "enum">;
}

/** A value whose type is found by looking at the rows. */
interface InferredRowField extends RowFieldOptions {
  readonly type?: undefined;
}
