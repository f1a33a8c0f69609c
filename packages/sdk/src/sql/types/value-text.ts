/**
 * The text of a value that a driver has decoded: objects as JSON, bytes as UTF-8, moments as ISO 8601. `undefined` for what
 * has none.
 */
export function valueText(value: unknown): string | undefined {
  if (typeof value !== "object") {
    return typeof value === "symbol" || typeof value === "function" ? undefined : String(value);
  }
  if (value instanceof Uint8Array) {
    return bufferOf(value).toString();
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  }
  return jsonText(value);
}

/** A value as JSON, with a `bigint` as the text of its digits. `undefined` for what is no JSON. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member));
  } catch {
    // An object within itself, or one whose own toJSON fails.
    return undefined;
  }
}

/** The same memory, as what can be written in hexadecimal and the like. Drivers give such buffers already. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
