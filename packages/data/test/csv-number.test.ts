import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DECIMAL, HUGE_INTEGER, LONG_INTEGER, SAFE_INTEGER, TEXT, ZERO_LED } from "../src/csv/kinds.js";
import { numberKind, parseNumber, writeInt64 } from "../src/csv/number.js";
import { halvesOf } from "../src/int64.js";
import { bytesOf } from "./csv-support.js";

/** The text between others, so that reading beyond its ends shows. */
function inside(text: string): [Uint8Array, number, number] {
  const bytes = bytesOf(`9${text}9`);
  return [bytes, 1, bytes.length - 1];
}

const decimalText = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 25 }),
    fc.option(fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 25 })),
    fc.option(fc.tuple(fc.constantFrom("e", "E"), fc.constantFrom("", "-", "+"), fc.nat(330))),
  )
  .filter(([, whole, fraction]) => whole + (fraction ?? "") !== "")
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : exponent.join("")}`,
  );

describe("parseNumber", () => {
  it("equals Number() for every double as JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(...inside(`${value}`))).toBe(Number(`${value}`));
      }),
      { numRuns: 5000 },
    );
  });

  it("equals Number() for decimal texts", () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        expect(parseNumber(...inside(text))).toBe(Number(text));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each(["9007199254740993", "9007199254740992", "123456789012345678", "1e22", "1e23", "8.5e-22", "5e-324", "-0"])(
    "equals Number() for %s",
    (text) => {
      expect(parseNumber(...inside(text))).toBe(Number(text));
    },
  );
});

describe("numberKind", () => {
  it("accepts decimal texts that are finite, and tells whole numbers by their size", () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const kind = numberKind(...inside(text));
        const digits = /^[+-]?(\d+)$/.exec(text)?.[1];
        if (digits === undefined) {
          expect(kind & ~ZERO_LED).toBe(Number.isFinite(Number(text)) ? DECIMAL : TEXT);
        } else {
          const value = text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
          const safe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
          const long = BigInt.asIntN(64, value) === value;
          expect(kind & ~ZERO_LED).toBe(safe ? SAFE_INTEGER : long ? LONG_INTEGER : HUGE_INTEGER);
        }
        expect((kind & ZERO_LED) !== 0).toBe(kind !== TEXT && /^[+-]?0\d/.test(text));
      }),
      { numRuns: 10_000 },
    );
  });

  it("accepts no other text", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."0123456789+-.eE xn_"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(nearly, (text) => {
        const isNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));
        expect(numberKind(...inside(text)) !== TEXT).toBe(isNumber);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("writeInt64", () => {
  it("equals BigInt() for every 64-bit integer", () => {
    const anyInt64 = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }),
    );
    fc.assert(
      fc.property(anyInt64, fc.constantFrom("", "0", "000000000000"), (value, zeros) => {
        const values = new BigInt64Array(3);
        const text = `${value < 0n ? "-" : ""}${zeros}${value < 0n ? -value : value}`;
        writeInt64(halvesOf(values), 1, ...inside(text));
        expect([...values]).toEqual([0n, value, 0n]);
      }),
      { numRuns: 5000 },
    );
  });
});
