import { type AppendValues, type ColumnBuilder, columnBuilder } from "../build/column-builder.js";
import { enumPlaces } from "../build/enum-places.js";
import type { Column } from "../column.js";
import type { EnumFieldConfig } from "../field-config.js";
import type { FieldType } from "../field-type.js";
import { describe, FrameError } from "../frame-error.js";
import { anyIntegerOf, integerOf, numberOf, textOf, truthOf } from "./convert.js";
import { inferredColumn } from "./inferred-column.js";
import type { RowFieldType } from "./row-field.js";
import { timeRowColumn } from "./time-row-column.js";

/** The column of one field in the making, to which values come as they are found in rows. */
export interface RowColumn {
  /**
   * Adds a row. `null` and `undefined` are rows without a value.
   * @throws {FrameError} naming field and row, if the value does not fit
   */
  append(value: unknown): void;
  /** The column of all rows. */
  finish(): Column;
  /** The texts of an enum, once all rows are there. */
  readonly enumConfig?: () => EnumFieldConfig;
}

/** How a {@link RowColumn} starts. */
export interface RowColumnOptions {
  /** The field's name, for errors. */
  readonly field: string;
  /** Rows to make room for. */
  readonly capacity: number;
}

/** The column of a described field. */
export function rowColumn(described: RowFieldType, options: RowColumnOptions): RowColumn {
  const { type } = described;
  switch (type) {
    case undefined:
      return inferredColumn(options);
    case "time":
      return timeRowColumn(described.epoch, options);
    case "enum":
      return enumRowColumn(described.enum, options);
    case "string":
      return converting(columnBuilder(type, options), textOf, "not a text; a field of json holds it", options);
    case "json":
      return converting(columnBuilder(type, options), (value) => value, "no JSON", options);
    case "boolean":
      return converting(columnBuilder(type, options), truthOf, "not a boolean", options);
    case "float32":
    case "float64":
      return converting(columnBuilder(type, options), numberOf, "not a number", options);
    case "int64":
    case "uint64":
      return converting(columnBuilder(type, options), anyIntegerOf, "not an integer", options);
    default:
      return converting(columnBuilder(type, options), integerOf, "not an integer", options);
  }
}

function converting<T extends FieldType>(
  builder: ColumnBuilder<T>,
  convert: (value: unknown) => AppendValues[T] | undefined,
  problem: string,
  { field }: RowColumnOptions,
): RowColumn {
  return {
    append(value) {
      if (value === null || value === undefined) {
        builder.appendNull();
        return;
      }
      const converted = convert(value);
      if (converted === undefined) {
        throw new FrameError(`${describe(value)} is ${problem}`, { field, row: builder.length });
      }
      builder.append(converted);
    },
    finish: () => builder.finish(),
  };
}

function enumRowColumn(given: EnumFieldConfig | undefined, options: RowColumnOptions): RowColumn {
  const builder = columnBuilder("enum", options);
  const places = enumPlaces(given, options.field);
  return {
    append(value) {
      if (value === null || value === undefined) {
        builder.appendNull();
      } else {
        builder.append(places.placeOf(value, builder.length));
      }
    },
    finish: () => builder.finish(),
    enumConfig: places.config,
  };
}
