import { isDigit, LOWER_CASE, MINUS, PLUS, POINT, ZERO } from "../ascii.js";
import { writeBillions } from "../int64.js";

import { DECIMAL, HUGE_INTEGER, LONG_INTEGER, SAFE_INTEGER, TEXT, ZERO_LED } from "./kinds.js";

const MAX_SAFE = asciiOf("9007199254740991");
const MAX_INT64 = asciiOf("9223372036854775807");
const MIN_INT64 = asciiOf("9223372036854775808");

/**
 * The kind of number that the bytes `start..end` are, or `TEXT`, by this grammar:
 *
 * `[+-]? (digits (. digits?)? | . digits) ([eE] [+-]? digits)?`
 *
 * No spaces, no thousands separators, no hexadecimal, no `Infinity`, and nothing so large that it would become one.
 */
export function numberKind(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  const whole = negative || bytes[start] === PLUS ? start + 1 : start;
  let at = skipDigits(bytes, whole, end);
  const wholeDigits = at - whole;
  const zeroLed = wholeDigits > 1 && bytes[whole] === ZERO ? ZERO_LED : 0;
  if (at === end) return wholeDigits === 0 ? TEXT : integerKind(bytes, whole, end, negative) | zeroLed;

  let digits = wholeDigits;
  if (bytes[at] === POINT) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction, end);
    digits += at - fraction;
  }
  if (digits === 0) return TEXT;
  if (at < end) {
    if (((bytes[at] ?? 0) | LOWER_CASE) !== 0x65) return TEXT;
    at++;
    if (bytes[at] === MINUS || bytes[at] === PLUS) at++;
    if (at === end || skipDigits(bytes, at, end) !== end) return TEXT;
    if (!Number.isFinite(parseNumber(bytes, start, end))) return TEXT;
  } else if (wholeDigits > 300 && !Number.isFinite(parseNumber(bytes, start, end))) {
    return TEXT;
  }
  return DECIMAL | zeroLed;
}

/** The double nearest to the number in `start..end`, which `numberKind` accepts. Equal to what `Number()` gives. */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  let at = negative || bytes[start] === PLUS ? start + 1 : start;
  let mantissa = 0;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
  }
  if (bytes[at] === POINT && at < end) {
    const fraction = ++at;
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    exponent = fraction - at;
  }
  if (at < end) exponent += parseExponent(bytes, at + 1, end);

  // Where the mantissa and the power of ten are both exact, one division or product rounds once, hence correctly:
  // W. D. Clinger, "How to read floating point numbers accurately", https://doi.org/10.1145/93548.93557
  if (mantissa <= Number.MAX_SAFE_INTEGER && exponent >= -22 && exponent <= 22) {
    const value = exponent < 0 ? mantissa / powerOfTen(-exponent) : mantissa * powerOfTen(exponent);
    return negative ? -value : value;
  }
  return Number(String.fromCharCode(...bytes.subarray(start, end)));
}

/** Writes the whole number in `start..end`, which `numberKind` found to fit 64 bits, as element `index`. */
export function writeInt64(halves: Int32Array, index: number, bytes: Uint8Array, start: number, end: number): void {
  const negative = bytes[start] === MINUS;
  const whole = negative || bytes[start] === PLUS ? start + 1 : start;
  const split = Math.max(whole, end - 9);
  const billions = digitsValue(bytes, whole, split);
  const rest = digitsValue(bytes, split, end);
  if (!negative) {
    writeBillions(halves, index, billions, rest);
  } else if (rest === 0) {
    writeBillions(halves, index, -billions, 0);
  } else {
    writeBillions(halves, index, -billions - 1, 1e9 - rest);
  }
}

function integerKind(bytes: Uint8Array, start: number, end: number, negative: boolean): number {
  let first = start;
  while (first < end && bytes[first] === ZERO) first++;
  if (!exceeds(bytes, first, end, MAX_SAFE)) return SAFE_INTEGER;
  return exceeds(bytes, first, end, negative ? MIN_INT64 : MAX_INT64) ? HUGE_INTEGER : LONG_INTEGER;
}

/** Whether the digits `start..end`, the first not 0, are a greater number than those of `limit`. */
function exceeds(bytes: Uint8Array, start: number, end: number, limit: Uint8Array): boolean {
  if (end - start !== limit.length) return end - start > limit.length;
  for (let i = 0; i < limit.length; i++) {
    const difference = (bytes[start + i] ?? 0) - (limit[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] ?? 0)) at++;
  return at;
}

function digitsValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return value;
}

function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  const value = digitsValue(bytes, negative || bytes[start] === PLUS ? start + 1 : start, end);
  return negative ? -value : value;
}

/** The powers of ten that a double holds exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent] ?? Number.NaN;
}

function asciiOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
