import type { IntegerType } from "@framewright/data";
import { type ColumnType, columnType } from "./column-type.js";
import { losesDigits } from "./decimal-loss.js";
import { readInteger, readNumber } from "./read-number.js";
import { readTimestamp } from "./read-timestamp.js";

/** Whole numbers of 8 bits. */
export const int8 = smallInteger("int8");
/** Whole numbers of 16 bits. */
export const int16 = smallInteger("int16");
/** Whole numbers of 32 bits. */
export const int32 = smallInteger("int32");
/** Whole numbers of 8 bits without a sign. */
export const uint8 = smallInteger("uint8");
/** Whole numbers of 16 bits without a sign. */
export const uint16 = smallInteger("uint16");
/** Whole numbers of 32 bits without a sign. */
export const uint32 = smallInteger("uint32");

/** Whole numbers of 64 bits, exact. */
export const int64 = columnType("int64", { fromText: readInteger });

/** Whole numbers of 64 bits without a sign, exact. */
export const uint64 = columnType("uint64", { fromText: readInteger });

/** IEEE 754 numbers of 32 bits; NaN and the infinities are values. */
export const float32 = columnType("float32", { fromText: readNumber });

/** IEEE 754 numbers of 64 bits; NaN and the infinities are values. */
export const float64 = columnType("float64", { fromText: readNumber });

/**
 * Decimal numbers of any length as float64. A notice says so where digits before the point are lost; behind it, sums,
 * averages and quotients have so many that losing some means nothing.
 */
export const decimal = decimalType("whole");

/** Decimal numbers of a column that declares how many digits it has. A notice says so where any of them is lost. */
export const fixedDecimal = decimalType("all");

/** Truth values: `t` and `f`, `true` and `false`, `1` and `0`, and single bytes of 0 and 1. */
export const boolean = columnType("boolean", { fromText: readBoolean });

/**
 * Moments and dates, in ISO 8601 or with a space between date and time. Those without a zone are taken for UTC, as
 * Grafana's own data sources do. What is none, such as `infinity` or `0000-00-00`, is left empty with a notice. A driver may give
 * a `Date`, or nanoseconds since 1970 as a `bigint`.
 */
export const timestamp = columnType("time", {
  fromText: readTimestamp,
  fromValue: (value) => (value instanceof Date || typeof value === "bigint" ? value : undefined),
});

function smallInteger(field: Exclude<IntegerType, "int64" | "uint64">): ColumnType {
  return columnType(field, {
    fromText(bytes, start, end) {
      const value = readInteger(bytes, start, end);
      return typeof value === "number" ? value : undefined;
    },
  });
}

function decimalType(which: "all" | "whole"): ColumnType {
  return columnType("float64", {
    fromText(bytes, start, end, rounded) {
      const value = readNumber(bytes, start, end);
      if (value !== undefined && losesDigits(bytes, start, end, value, which)) {
        rounded();
      }
      return value;
    },
  });
}

function readBoolean(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  if (end - start === 1) {
    switch (bytes[start]) {
      case 0x74: // t
      case 0x54:
      case 0x31: // 1
      case 1:
        return true;
      case 0x66: // f
      case 0x46:
      case 0x30: // 0
      case 0:
        return false;
      default:
        return undefined;
    }
  }
  const text = Buffer.from(bytes.subarray(start, Math.min(end, start + 6))).toString();
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
}
