import { columnBuilder } from "../build/column-builder.js";
import type { Column } from "../column.js";
import { describe, FrameError } from "../frame-error.js";
import { readValue } from "../value.js";
import type { RowColumn, RowColumnOptions } from "./row-column.js";
import { timesOfTexts } from "./times-of-texts.js";

/** The types that are found by looking at values. */
type InferredType = "float64" | "int64" | "boolean" | "time" | "string" | "json";

/**
 * A column whose type is that of its values:
 *
 * - numbers: float64; bigints: int64, also together with numbers that are whole and exact;
 * - booleans: boolean; `Date`s: time;
 * - texts: time where every one of them is an ISO 8601 date and time of day with an offset or `Z`, else string;
 * - arrays and objects: json;
 * - no value in any row: string.
 *
 * Values of different kinds are an error: a type that depends on the data of the day would break what is built on it.
 */
export function inferredColumn(options: RowColumnOptions): RowColumn {
  const { field } = options;
  let type: InferredType | undefined;
  let builder = columnBuilder<InferredType>("string", { ...options, capacity: 0 });
  /** Rows before the first with a value. */
  let leading = 0;

  function start(found: InferredType): void {
    type = found;
    builder = columnBuilder<InferredType>(found, options);
    for (let row = 0; row < leading; row++) {
      builder.appendNull();
    }
  }

  /** Makes ready for a value of another type than those before it. */
  function change(found: InferredType | "none", value: unknown): void {
    const row = type === undefined ? leading : builder.length;
    if (found === "none") {
      throw new FrameError(`${describe(value)} is no value of a field`, { field, row });
    }
    if (type === undefined) {
      start(found);
    } else if (type === "float64" && found === "int64") {
      toIntegers();
    } else if (type === "int64" && found === "float64") {
      requireExact(value, row, leading);
    } else {
      const both = type === "json" || found === "json" ? "json" : "string";
      const problem = `is ${nouns[found]}, while row ${leading} has ${nouns[type]}; describe the field with the type "${both}", which holds both`;
      throw new FrameError(problem, { field, row });
    }
  }

  function toIntegers(): void {
    const numbers = builder.finish();
    builder = columnBuilder<InferredType>("int64", options);
    type = "int64";
    for (let row = 0; row < numbers.length; row++) {
      const value = readValue(numbers, row);
      if (value !== null) {
        requireExact(value, row, numbers.length);
      }
      builder.append(value);
    }
  }

  function requireExact(value: unknown, row: number, bigint: number): void {
    if (!Number.isSafeInteger(value)) {
      const problem = `${describe(value)} is not a whole number that is exact, while row ${bigint} has a bigint`;
      throw new FrameError(problem, { field, row });
    }
  }

  return {
    append(value) {
      if (value === null || value === undefined) {
        if (type === undefined) {
          leading++;
        } else {
          builder.appendNull();
        }
        return;
      }
      const found = typeOfValue(value);
      if (found !== type) {
        change(found, value);
      }
      builder.append(value);
    },
    finish(): Column {
      if (type === undefined) {
        start("string");
      }
      const column = builder.finish();
      return column.type === "string" ? (timesOfTexts(column) ?? column) : column;
    },
  };
}

const nouns: Readonly<Record<InferredType, string>> = {
  float64: "a number",
  int64: "a bigint",
  boolean: "a boolean",
  time: "a Date",
  string: "a text",
  json: "an object or an array",
};

/** The type that holds a value, if there is one. */
function typeOfValue(value: NonNullable<unknown>): InferredType | "none" {
  switch (typeof value) {
    case "number":
      return "float64";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "bigint":
      return "int64";
    case "object":
      return value instanceof Date ? "time" : isJson(value) ? "json" : "none";
    default:
      return "none";
  }
}

/** Whether JSON says something of an object. Of a Map, a Set or a Promise it says nothing, and their contents would be lost. */
function isJson(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Array.isArray(value) ||
    "toJSON" in value ||
    Object.keys(value).length > 0
  );
}
