import type { Field, Labels } from "../field.js";
import { FrameError } from "../frame-error.js";
import { fieldConfigShape } from "./field-config-json.js";
import { goMap, goText, type WriteText } from "./go-json.js";
import { anyText, recordOf, type Shape } from "./shape.js";

/** Labels: any names, each with a text. */
export const labelsShape: Shape<Labels> = recordOf(anyText);

/** A field's labels as JSON, by name, as Go writes them; nothing for a field without. */
export function labelsJson(field: Field, writeText: WriteText = goText): string | undefined {
  const labels = readOf(labelsShape, field.labels, "labels", field);
  return (
    labels &&
    goMap(
      Object.entries(labels).map(([name, value]) => [name, writeText(value)]),
      writeText,
    )
  );
}

/** A field's config as JSON; nothing for a field without. */
export function configJson(field: Field): string | undefined {
  const config = readOf(fieldConfigShape, field.config, "config", field);
  return config && fieldConfigShape.write(config);
}

function readOf<T>(shape: Shape<T>, value: unknown, path: string, field: Field): T | undefined {
  try {
    return shape.read(value, path);
  } catch (cause) {
    throw cause instanceof FrameError ? new FrameError(cause.message, { field: field.name }) : cause;
  }
}
