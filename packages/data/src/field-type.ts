import type { FieldType } from "./column.js";

/** How a field type is called elsewhere. */
interface FieldTypeNames {
  /** Grafana's frontend type, sent as `tstype` in Arrow and as `type` in JSON. */
  readonly frontend: "time" | "number" | "string" | "boolean";
  /** The Go SDK's element type, sent as `typeInfo.frame` in JSON. */
  readonly item: string;
}

/**
 * Names of each field type.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_type.go
 */
export const fieldTypeNames: Readonly<Record<FieldType, FieldTypeNames>> = {
  time: { frontend: "time", item: "time.Time" },
  float64: { frontend: "number", item: "float64" },
  int64: { frontend: "number", item: "int64" },
  string: { frontend: "string", item: "string" },
  boolean: { frontend: "boolean", item: "bool" },
};
