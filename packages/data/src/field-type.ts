/** Whole numbers of a fixed width. */
export type IntegerType = "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64";

/** Numbers: whole ones, and IEEE 754 floating point ones. */
export type NumericType = IntegerType | "float32" | "float64";

/** Types whose values all take the same number of bytes, and so lie in a typed array. */
export type FixedType = NumericType | "time" | "enum";

/** Fixed types whose values JavaScript reads as a `number`: all but those of 64-bit integers and of times. */
export type PlainNumberType = Exclude<FixedType, "int64" | "uint64" | "time">;

/** The names of the field types, as a column's `type` gives them. */
export type FieldType = FixedType | "string" | "boolean" | "json";

/** How a field type is called elsewhere. */
interface FieldTypeNames {
  /** Grafana's frontend type, sent as `tstype` in Arrow and as `type` in JSON. */
  readonly frontend: "time" | "number" | "string" | "boolean" | "enum" | "other";
  /** The Go SDK's element type, sent as `typeInfo.frame` in JSON. */
  readonly item: string;
}

/**
 * Names of each field type.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_type.go
 */
export const fieldTypeNames: Readonly<Record<FieldType, FieldTypeNames>> = {
  int8: { frontend: "number", item: "int8" },
  int16: { frontend: "number", item: "int16" },
  int32: { frontend: "number", item: "int32" },
  int64: { frontend: "number", item: "int64" },
  uint8: { frontend: "number", item: "uint8" },
  uint16: { frontend: "number", item: "uint16" },
  uint32: { frontend: "number", item: "uint32" },
  uint64: { frontend: "number", item: "uint64" },
  float32: { frontend: "number", item: "float32" },
  float64: { frontend: "number", item: "float64" },
  time: { frontend: "time", item: "time.Time" },
  enum: { frontend: "enum", item: "enum" },
  string: { frontend: "string", item: "string" },
  boolean: { frontend: "boolean", item: "bool" },
  json: { frontend: "other", item: "json.RawMessage" },
};

/** Every field type. */
export const fieldTypes = Object.keys(fieldTypeNames) as readonly FieldType[];

/** Whether `type` is one of numbers. A time and an enum are none. */
export function isNumericType(type: FieldType): type is NumericType {
  return fieldTypeNames[type].frontend === "number";
}
