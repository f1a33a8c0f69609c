import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halvesOf, writeBillions } from "../src/int64.js";
import { type Instant, parseTime } from "../src/time-text.js";
import { bytesOf } from "./csv-support.js";

/** Nanoseconds since 1970, or undefined where the text is no time. Digits around it show whether it reads too far. */
function nanoseconds(text: string): bigint | undefined {
  const bytes = bytesOf(`1${text}1`);
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  if (!parseTime(bytes, 1, bytes.length - 1, instant)) return undefined;
  const values = new BigInt64Array(1);
  writeBillions(halvesOf(values), 0, instant.seconds, instant.nanoseconds);
  return values[0];
}

const FIRST = -(2n ** 63n);
const LAST = 2n ** 63n - 1n;
const NS_PER_MS = 1_000_000n;

/** Milliseconds rounded down, and nanoseconds above them. */
function split(value: bigint): [number, bigint] {
  const above = ((value % NS_PER_MS) + NS_PER_MS) % NS_PER_MS;
  return [Number((value - above) / NS_PER_MS), above];
}

describe("parseTime", () => {
  it("equals Date.parse and the nanoseconds behind it, for every moment that 64 bits hold", () => {
    const moments = fc.record({
      value: fc.bigInt({ min: FIRST, max: LAST }),
      between: fc.constantFrom("T", " ", "t"),
      zone: fc.constantFrom("", "Z", "z", "+00:00", "-0000", "+00"),
    });
    fc.assert(
      fc.property(moments, ({ value, between, zone }) => {
        const [ms, above] = split(value);
        const iso = new Date(ms).toISOString();
        expect(Date.parse(iso)).toBe(ms);
        const text = iso.slice(0, -1).replace("T", between) + `${above}`.padStart(6, "0") + zone;
        expect(nanoseconds(text)).toBe(value);
      }),
      { numRuns: 10_000 },
    );
  });

  it("equals Date.parse with an offset", () => {
    const offset = fc.tuple(
      fc.constantFrom("+", "-"),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    const ms = fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(ms, offset, (moment, [sign, hours, minutes]) => {
        const iso = new Date(moment).toISOString().slice(0, -1);
        const [h, m] = [`${hours}`.padStart(2, "0"), `${minutes}`.padStart(2, "0")];
        const expected = BigInt(Date.parse(`${iso}${sign}${h}:${m}`)) * NS_PER_MS;
        expect(nanoseconds(`${iso}${sign}${h}:${m}`)).toBe(expected);
        expect(nanoseconds(`${iso}${sign}${h}${m}`)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it("knows every day of the calendar, and no other", () => {
    for (let year = 1677; year <= 2263; year++) {
      for (const [month, day] of [
        [2, 28],
        [2, 29],
        [2, 30],
        [3, 1],
        [4, 30],
        [4, 31],
        [12, 31],
        [12, 32],
        [1, 0],
        [0, 1],
        [13, 1],
      ] as const) {
        const text = `${year}-${`${month}`.padStart(2, "0")}-${`${day}`.padStart(2, "0")}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        const value = BigInt(date.getTime()) * NS_PER_MS;
        expect([text, nanoseconds(text)]).toEqual([
          text,
          exists && value >= FIRST && value <= LAST ? value : undefined,
        ]);
      }
    }
  });

  it.each([
    ["2024-05-31T14:30", "2024-05-31T14:30:00Z"],
    ["2024-05-31 14:30:05", "2024-05-31T14:30:05Z"],
    ["2024-05-31T14:30Z", "2024-05-31T14:30:00Z"],
    ["2024-05-31 14:30+02", "2024-05-31T12:30:00Z"],
    ["2024/05/31", "2024-05-31T00:00:00Z"],
    ["2015/01/01 01:00:00", "2015-01-01T01:00:00Z"],
    ["Jan 1 2000", "2000-01-01T00:00:00Z"],
    ["may 31, 2024", "2024-05-31T00:00:00Z"],
    ["DEC 31 1999", "1999-12-31T00:00:00Z"],
    ["Sep 05 2010", "2010-09-05T00:00:00Z"],
  ])("reads %s", (text, same) => {
    expect(nanoseconds(text)).toBe(BigInt(Date.parse(same)) * NS_PER_MS);
  });

  it("holds each number of digits of a fraction", () => {
    for (let digits = 1; digits <= 9; digits++) {
      const fraction = "123456789".slice(0, digits);
      expect(nanoseconds(`1970-01-01T00:00:00.${fraction}Z`)).toBe(BigInt(fraction.padEnd(9, "0")));
    }
  });

  it.each([
    "2024-05-31T",
    "2024-05-31T14",
    "2024-05-31T14:3",
    "2024-05-31T14:30:",
    "2024-05-31T14:30:5",
    "2024-05-31T14:30:05.",
    "2024-05-31T14:30:05.1234567890",
    "2024-05-31T14:30:05,5",
    "2024-05-31T24:00:00",
    "2024-05-31T23:60",
    "2024-05-31T23:59:60Z",
    "2024-05-31T14:30:05ZZ",
    "2024-05-31T14:30:05+1",
    "2024-05-31T14:30:05+24:00",
    "2024-05-31T14:30:05+01:60",
    "2024-05-31T14:30:05+01:0",
    "2024-05-31T14:30:05 +01:00",
    "2024-05-31_14:30:05",
    "2024-05-31Z",
    "2024-05/31",
    "2024-5-31",
    "24-05-31",
    "02024-05-31",
    "2024-05-3x",
    "20240531T143005",
    "1677-09-21T00:12:43.145224191",
    "2262-04-11T23:47:16.854775808",
    "0000-01-01",
    "Jan 32 2000",
    "Feb 30 2000",
    "Jann 1 2000",
    "Jan 1 20000",
    "Jan 1 200",
    "Jan  1 2000",
    "Jan 1,2000",
    "Jan 1,  2000",
    "Foo 1 2000",
    "January 1 2000",
  ])("does not take %s for a time", (text) => {
    expect(nanoseconds(text)).toBeUndefined();
  });

  it("holds the first and the last nanosecond", () => {
    expect(nanoseconds("1677-09-21T00:12:43.145224192Z")).toBe(FIRST);
    expect(nanoseconds("2262-04-11T23:47:16.854775807Z")).toBe(LAST);
  });

  it("answers for any bytes", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."0123456789-/:T .+ZJanFeb,"), maxLength: 32 });
    fc.assert(
      fc.property(nearly, (text) => {
        const value = nanoseconds(text);
        if (value !== undefined) expect(text).toMatch(/^(\d{4}[-/]\d\d[-/]\d\d|[A-Za-z]{3} )/);
      }),
      { numRuns: 5000 },
    );
  });
});
