import type { Field, Labels } from "../field.js";
import { FrameError } from "../frame-error.js";
import { readFieldConfig } from "./field-config-json.js";
import { anyText, type Reader, recordOf, toJson } from "./shape.js";

/** Reads labels: any names, each with a text. */
export const readLabels: Reader<Labels> = recordOf(anyText);

/** A field's labels as JSON, by name, as Go writes them; nothing for a field without. */
export function labelsJson(field: Field): string | undefined {
  const labels = read(readLabels, field.labels, "labels", field);
  if (labels === undefined) {
    return undefined;
  }
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

/** A field's config as JSON; nothing for a field without. */
export function configJson(field: Field): string | undefined {
  const asJson: Reader<string> = (value, path) => {
    const config = readFieldConfig(value, path);
    return config === undefined ? undefined : toJson(config, path);
  };
  return read(asJson, field.config, "config", field);
}

function read<T>(reader: Reader<T>, value: unknown, path: string, field: Field): T | undefined {
  try {
    return reader(value, path);
  } catch (cause) {
    throw cause instanceof FrameError ? new FrameError(cause.message, { field: field.name }) : cause;
  }
}
