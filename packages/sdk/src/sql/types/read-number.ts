import { bufferOf } from "./value-text.js";

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;

/** So many digits a float64 holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

/** The powers of ten that a float64 holds exactly, as far as they are needed. */
const powers = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** The bytes `start .. end` as text, which is ASCII where it matters. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return bufferOf(bytes).toString("latin1", start, end);
}

/**
 * The float64 that is nearest to a decimal number, written with a point and an exponent or without, or `NaN`, `Infinity`,
 * `-Infinity`, whatever their case; `undefined` for what is none.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  return readShortNumber(bytes, start, end) ?? readAnyNumber(asciiText(bytes, start, end));
}

/** A number of up to 15 digits: one division of two numbers that are exact rounds correctly. */
function readShortNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  if (first === end || end - first > EXACT_DIGITS + 1) {
    return undefined;
  }
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === POINT && point < 0) {
      point = at;
      continue;
    }
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    mantissa = mantissa * 10 + digit;
    digits++;
  }
  if (digits === 0 || digits > EXACT_DIGITS) {
    return undefined;
  }
  const value = point < 0 ? mantissa : mantissa / (powers[end - point - 1] ?? 1);
  return negative ? -value : value;
}

function readAnyNumber(text: string): number | undefined {
  const value = Number(text);
  // What Number takes beside decimal numbers: nothing, spaces, other bases, Infinity.
  if (Number.isFinite(value) && /^[-+.\d]/.test(text) && !/[\sxob]/i.test(text)) {
    return value;
  }
  switch (text.toLowerCase()) {
    case "nan":
      return Number.NaN;
    case "infinity":
    case "inf":
      return Number.POSITIVE_INFINITY;
    case "-infinity":
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    default:
      // One that is too large.
      return /^[+-]?\d[\d.]*(?:e[+-]?\d+)?$/i.test(text) && Math.abs(value) === Number.POSITIVE_INFINITY
        ? value
        : undefined;
  }
}

/** A whole number, exact: a `number` up to 15 digits, else a `bigint`; `undefined` for what is none. */
export function readInteger(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  const sign = bytes[start] ?? 0;
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  // No whole number that a column can hold is longer, leading zeros apart.
  if (first === end || end - first > 100) {
    return undefined;
  }
  let value = 0;
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    value = value * 10 + digit;
  }
  if (end - first > EXACT_DIGITS) {
    return BigInt(asciiText(bytes, sign === PLUS ? first : start, end));
  }
  return sign === MINUS ? 0 - value : value;
}
