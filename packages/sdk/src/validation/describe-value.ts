/** A value in words, for an error that says it is the wrong one. The value itself may be a secret, or endless. */
export function describeValue(value: unknown): string {
  if (value === null || typeof value === "undefined" || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value !== "object") {
    return `a ${typeof value}`;
  }
  if (Array.isArray(value)) {
    return "an array";
  }
  return `an object with ${Object.keys(value).slice(0, 5).join(", ") || "no properties"}`;
}
