import { asciiText } from "./read-number.js";

/** So many digits every float64 gives back. */
const SAFE_DIGITS = 15;

/**
 * Whether a float64 shows other digits than the decimal number it was made of. One that became infinite does.
 *
 * @param which `"all"` digits, or only those of the `"whole"` part
 * @param value what `readNumber` made of the bytes
 */
export function losesDigits(
  bytes: Uint8Array,
  start: number,
  end: number,
  value: number,
  which: "all" | "whole",
): boolean {
  // Signs, points and exponents are counted with them: a longer text may still be exact, a shorter one always is.
  if (end - start <= SAFE_DIGITS) {
    return false;
  }
  if (!Number.isFinite(value)) {
    return true;
  }
  const text = asciiText(bytes, start, end);
  if (which === "all") {
    return significant(text) !== significant(value.toExponential());
  }
  const whole = /^[+-]?(\d+)(?:\.\d*)?$/.exec(text)?.[1]?.replace(/^0+/, "") ?? "";
  if (whole.length <= SAFE_DIGITS) {
    return false;
  }
  // Beyond 2^53 a float64 has no fraction, and below it all whole numbers.
  return significant(whole) !== significant(Math.trunc(Math.abs(value)).toExponential());
}

/** A decimal number in one form for all that are equal: its digits without zeros at either end, and its power of ten. */
function significant(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] = /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`;
  const leading = /^0*/.exec(digits)?.[0].length ?? 0;
  const shown = trimZeros(digits.slice(leading));
  return shown === "" ? "0" : `${shown}e${Number(exponent) + whole.length - leading}`;
}

/** Without the zeros at the end; by a loop, since an expression that looks for them may begin at each of them. */
function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") {
    end--;
  }
  return digits.slice(0, end);
}
