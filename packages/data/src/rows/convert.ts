/*
 * What a value of a row becomes in a field whose type is described; undefined where it is nothing of that type.
 * A value of the right type is given back as it is, for the builder to check.
 */

/** More digits than any 64-bit integer has, with room for a few leading zeros. */
const MOST_DIGITS = 32;

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const integer = /^[+-]?\d+$/;

/** How NaN and the infinities are spelled by those who have no JSON words for them. */
const specialNumbers: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ...["Inf", "+Inf", "Infinity", "+Infinity"].map((text) => [text, Number.POSITIVE_INFINITY] as const),
  ...["-Inf", "-Infinity"].map((text) => [text, Number.NEGATIVE_INFINITY] as const),
]);

/** A number of a number, of a bigint that it can hold exactly, or of a decimal text; also of `NaN`, `Inf` and the like. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") {
    return value;
  }
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isFinite(number) && BigInt(number) === value ? number : undefined;
  }
  if (typeof value !== "string") {
    return undefined;
  }
  if (!decimal.test(value)) {
    return specialNumbers.get(value);
  }
  const number = Number(value);
  // A text that is too large for a double is no infinity.
  return Number.isFinite(number) ? number : undefined;
}

/** An integer of a number, a bigint or a text of digits, for a type of 64 bits. */
export function anyIntegerOf(value: unknown): number | bigint | undefined {
  return isDigits(value) ? BigInt(value) : typeof value === "number" || typeof value === "bigint" ? value : undefined;
}

/** An integer of a number, a bigint or a text of digits, for a type of at most 32 bits, beyond which it is not exact. */
export function integerOf(value: unknown): number | undefined {
  return isDigits(value) || typeof value === "bigint" ? Number(value) : typeof value === "number" ? value : undefined;
}

/** A truth value of a boolean or of the texts `true` and `false`. */
export function truthOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") {
    return value;
  }
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** A text of a text, a number, a bigint, a boolean, or of a valid date, which becomes ISO 8601. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
  }
}

function isDigits(value: unknown): value is string {
  return typeof value === "string" && value.length <= MOST_DIGITS && integer.test(value);
}
