import type { Field, Labels } from "../field.js";
import { FrameError } from "../frame-error.js";
import { fieldConfigShape } from "./field-config-json.js";
import { anyText, recordOf, type Shape } from "./shape.js";

/** Labels: any names, each with a text. */
export const labelsShape: Shape<Labels> = recordOf(anyText);

/** A field's labels as JSON, by name, as Go writes them; nothing for a field without. */
export function labelsJson(field: Field): string | undefined {
  return jsonOf(labelsShape, field.labels, "labels", field);
}

/** A field's config as JSON; nothing for a field without. */
export function configJson(field: Field): string | undefined {
  return jsonOf(fieldConfigShape, field.config, "config", field);
}

function jsonOf<T>(shape: Shape<T>, value: unknown, path: string, field: Field): string | undefined {
  try {
    const read = shape.read(value, path);
    return read === undefined ? undefined : shape.write(read);
  } catch (cause) {
    throw cause instanceof FrameError ? new FrameError(cause.message, { field: field.name }) : cause;
  }
}
