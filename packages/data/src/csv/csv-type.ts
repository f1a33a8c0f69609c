import type { FieldType } from "../field-type.js";

/** The field types that the columns of a CSV file can have. */
export type CsvType = Extract<FieldType, "time" | "float64" | "int64" | "string" | "boolean">;
