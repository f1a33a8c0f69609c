import type { CsvType } from "./csv-type.js";

/** What cells are, one bit a kind, so that the kinds in a column are the or of those of its cells. */
export const TEXT = 0x01;
export const BOOLEAN = 0x02;
export const TIME = 0x04;
export const SAFE_INTEGER = 0x08;
export const LONG_INTEGER = 0x10;
export const HUGE_INTEGER = 0x20;
export const DECIMAL = 0x40;
/** The word `NaN`, spelled so. */
export const NAN = 0x80;
/** Beside one of the numbers above: it has leading zeros, and is more likely a code, such as `00501`. */
export const ZERO_LED = 0x100;

const NUMBER = SAFE_INTEGER | LONG_INTEGER | HUGE_INTEGER | DECIMAL | NAN;

/** The type of a column from the kinds of all its cells that are not empty. */
export function typeOfKinds(kinds: number): CsvType {
  if (kinds === TIME) return "time";
  if (kinds === BOOLEAN) return "boolean";
  // Among these are a column without a value, one with nothing but the word NaN, and one with a code such as 00501.
  if (kinds === 0 || kinds === NAN || (kinds & ~NUMBER) !== 0) return "string";
  if ((kinds & (DECIMAL | NAN)) !== 0) return "float64";
  // Whole numbers only: identifiers, perhaps, of which not a digit may be lost.
  if ((kinds & HUGE_INTEGER) !== 0) return "string";
  return (kinds & LONG_INTEGER) !== 0 ? "int64" : "float64";
}

/** The kinds of cells that a column of the type can hold when it was chosen by name. */
export function kindsOfType(type: CsvType): number {
  switch (type) {
    case "time":
      return TIME;
    case "boolean":
      return BOOLEAN;
    case "float64":
      return NUMBER | ZERO_LED;
    case "int64":
      return SAFE_INTEGER | LONG_INTEGER | ZERO_LED;
    case "string":
      return -1;
  }
}
