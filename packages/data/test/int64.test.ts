import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toMilliseconds } from "../src/index.js";
import {
  halvesOf,
  millisecondsAt,
  nanosecondsPastMillisecondAt,
  writeMilliseconds,
  writeSafeInteger,
} from "../src/int64.js";

const NS_PER_MS = 1_000_000n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

describe("64-bit integers as halves", () => {
  test("hold any safe integer", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const values = new BigInt64Array(2);
        writeSafeInteger(halvesOf(values), 1, value);
        expect([...values]).toEqual([0n, BigInt(value)]);
      }),
    );
  });

  test("hold any milliseconds as nanoseconds, or are left alone where they do not fit", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_300_000_000_000, max: 9_300_000_000_000 }), (milliseconds) => {
        const values = BigInt64Array.of(7n);
        const exact = BigInt(milliseconds) * NS_PER_MS;
        const fits = exact >= INT64_MIN && exact <= INT64_MAX;
        expect(writeMilliseconds(halvesOf(values), 0, milliseconds)).toBe(fits);
        expect(values[0]).toBe(fits ? exact : 7n);
      }),
    );
  });

  test("hold fractions of a millisecond to the nanosecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (nanoseconds) => {
        const values = new BigInt64Array(1);
        expect(writeMilliseconds(halvesOf(values), 0, nanoseconds / 1_000_000)).toBe(true);
        expect(values[0]).toBe(BigInt(nanoseconds));
      }),
    );
  });

  test("give whole milliseconds, rounded down, and the nanoseconds past them", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: INT64_MIN, max: INT64_MAX }), (nanoseconds) => {
        const halves = halvesOf(BigInt64Array.of(nanoseconds));
        const milliseconds = millisecondsAt(halves, 0);
        const past = nanosecondsPastMillisecondAt(halves, 0);
        expect(past >= 0 && past < 1_000_000).toBe(true);
        expect(BigInt(milliseconds) * NS_PER_MS + BigInt(past)).toBe(nanoseconds);
        expect(toMilliseconds(nanoseconds)).toBe(milliseconds);
      }),
      { numRuns: 1000 },
    );
  });
});
