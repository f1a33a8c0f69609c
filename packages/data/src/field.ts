import { getBit } from "./bitmap.js";
import type { Column } from "./column.js";
import { checkOffsets, checkSizes } from "./columns.js";
import type { FieldConfig } from "./field-config.js";
import type { FieldType } from "./field-type.js";
import { FrameError } from "./frame-error.js";

/** Names and values that tell the series of a frame apart, as in Prometheus. */
export type Labels = Readonly<Record<string, string>>;

/** One named column of a frame with everything Grafana knows about it. */
export interface Field {
  /** The column's name; may be empty, and need not be the only one of its name. */
  readonly name: string;
  /**
   * Whether rows may be without a value. It belongs to the field's type and is sent as such; a field that
   * happens to have a value in every row may still be nullable.
   */
  readonly nullable: boolean;
  /** What tells the series of one name apart: name and value of each label. */
  readonly labels: Labels | undefined;
  /** How Grafana shows the field: unit, decimals, display name and the like. */
  readonly config: FieldConfig | undefined;
  /** The values. */
  readonly column: Column;
}

/** What can be said of a field besides its values. The keys of {@link FieldConfig} stand beside the others. */
export interface FieldOptions extends FieldConfig {
  /** Needed where the fields of a frame are given as an array; in an object the key is the name. */
  readonly name?: string;
  /** What tells the series of one name apart. */
  readonly labels?: Labels;
  /** Default `true`. `false` promises a value in every row, and a row without one is then an error. */
  readonly nullable?: boolean;
}

/** The field's type, such as `"time"` or `"float64"`. */
export function typeOf(field: Field): FieldType {
  return field.column.type;
}

/**
 * A field over a column that exists already, such as one that a reader filled. `options.name` is not looked at.
 * @throws {FrameError} naming field and row, if `nullable` is `false` and a row has no value; naming the field, if an
 *   array is too short for the rows
 */
export function field(name: string, column: Column, options: FieldOptions = {}): Field {
  const made = fieldNamed(name, column, options);
  checkField(made, name);
  checkOffsets(column, name);
  return made;
}

/**
 * A field that is not checked yet, since its name may only be known to the frame it is put in.
 * The name is that of the options, else empty.
 */
export function unnamedField(column: Column, options: FieldOptions): Field {
  return fieldNamed(options.name ?? "", column, options);
}

function fieldNamed(name: string, column: Column, options: FieldOptions): Field {
  const { name: _, labels, nullable = true, ...config } = options;
  return Object.freeze({
    name,
    nullable,
    labels,
    config: Object.keys(config).length === 0 ? undefined : config,
    column,
  });
}

/** The field under the name `name`, checked: its arrays are long enough, and where it is not nullable there is no null. */
export function named(field: Field, name: string): Field {
  const { column } = field;
  checkField(field, name);
  checkOffsets(column, name);
  return field.name === name ? field : Object.freeze({ ...field, name });
}

/** Throws where a field's arrays are too short, or a row has no value though the field is not nullable. */
export function checkField({ column, nullable }: Field, name: string): void {
  checkSizes(column, name);
  if (!nullable && column.nullCount > 0) {
    throw new FrameError("has no value, and the field is not nullable", { field: name, row: firstNull(column) });
  }
}

function firstNull(column: Column): number {
  let row = 0;
  while (row < column.length && (column.validity === undefined || getBit(column.validity, row))) {
    row++;
  }
  return row;
}
