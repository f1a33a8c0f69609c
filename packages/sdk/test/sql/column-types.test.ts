import { type Value, valuesOf } from "@framewright/data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boolean,
  bytes,
  type ColumnType,
  columnType,
  decimal,
  fixedDecimal,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  json,
  text,
  timestamp,
  typeTable,
  uint8,
  uint16,
  uint32,
  uint64,
  uuid,
} from "../../src/sql/index.js";

/** What becomes of cells, and the notices about them. */
function read(type: ColumnType, cells: readonly unknown[], how: "text" | "value"): [Value[], string[]] {
  const writer = type.writer("c");
  for (const cell of cells) {
    if (cell === null) {
      writer.appendNull();
    } else if (how === "value") {
      writer.append(cell);
    } else {
      // Within other bytes, which may not be looked at.
      const encoded = Buffer.from(`9.${String(cell)}9`);
      writer.appendText(encoded, 2, encoded.length - 1);
    }
  }
  const { column, notices } = writer.finish();
  expect(column.type).toBe(type.field);
  expect(column.length).toBe(cells.length);
  return [[...valuesOf(column)], notices.map((notice) => notice.text)];
}

const ns = (iso: string, nanoseconds = 0) => BigInt(Date.parse(iso)) * 1_000_000n + BigInt(nanoseconds);

describe("text of each type", () => {
  test.each<[string, ColumnType, string, Value]>([
    ["int8", int8, "-128", -128],
    ["int16", int16, "32767", 32767],
    ["int32", int32, "+2147483647", 2147483647],
    ["int64", int64, "-9223372036854775808", -9223372036854775808n],
    ["int64", int64, "9007199254740993", 9007199254740993n],
    ["int64", int64, "0", 0n],
    ["uint8", uint8, "255", 255],
    ["uint16", uint16, "65535", 65535],
    ["uint32", uint32, "4294967295", 4294967295],
    ["uint64", uint64, "18446744073709551615", 18446744073709551615n],
    ["float32", float32, "1.5", 1.5],
    ["float64", float64, "0.1", 0.1],
    ["float64", float64, "-1e-300", -1e-300],
    ["float64", float64, "1.7976931348623157e+308", Number.MAX_VALUE],
    ["float64", float64, "NaN", Number.NaN],
    ["float64", float64, "-Infinity", Number.NEGATIVE_INFINITY],
    ["decimal", decimal, "-0012.50", -12.5],
    ["boolean", boolean, "t", true],
    ["boolean", boolean, "f", false],
    ["boolean", boolean, "TRUE", true],
    ["boolean", boolean, "false", false],
    ["boolean", boolean, "1", true],
    ["boolean", boolean, "0", false],
    ["boolean", boolean, "\u0001", true],
    ["timestamp", timestamp, "2024-05-31", ns("2024-05-31T00:00:00Z")],
    ["timestamp", timestamp, "2024-02-29 14:30", ns("2024-02-29T14:30:00Z")],
    ["timestamp", timestamp, "2024-05-31 14:30:05", ns("2024-05-31T14:30:05Z")],
    ["timestamp", timestamp, "2024-05-31T14:30:05.123456Z", ns("2024-05-31T14:30:05.123Z", 456_000)],
    ["timestamp", timestamp, "2024-05-31 14:30:05.1234567891", ns("2024-05-31T14:30:05.123Z", 456_789)],
    ["timestamp", timestamp, "1969-12-31 23:59:59.999999", -1_000n],
    ["timestamp", timestamp, "2024-05-31 14:30:05+02", ns("2024-05-31T12:30:05Z")],
    ["timestamp", timestamp, "2024-05-31 14:30:05.5-0330", ns("2024-05-31T18:00:05.500Z")],
    ["timestamp", timestamp, "2024-05-31 14:30:05 +05:30", ns("2024-05-31T09:00:05Z")],
    ["timestamp", timestamp, "1880-01-01 00:00:00+01:24:30", ns("1879-12-31T22:35:30Z")],
    ["timestamp", timestamp, "1677-09-22 00:00:00", ns("1677-09-22T00:00:00Z")],
    ["timestamp", timestamp, "2262-04-11 23:47:16.854775807", 9223372036854775807n],
    ["text", text, "grüezi \u{1f600}", "grüezi \u{1f600}"],
    ["json", json, '{"a": [1.10]}', '{"a": [1.10]}'],
    ["uuid", uuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    ["bytes", bytes("hex", "0x"), "aé", "0x61c3a9"],
    ["bytes", bytes("base64"), "aé", "YcOp"],
    ["bytes", bytes("utf8"), "aé", "aé"],
  ])("%s: %s %s", (_, type, cell, value) => {
    expect(read(type, [null, cell], "text")).toEqual([[null, value], []]);
    const writer = type.writer("c");
    writer.appendText(`9${cell}9`, 1, cell.length + 1);
    writer.appendText(cell);
    expect([...valuesOf(writer.finish().column)]).toEqual([value, value]);
  });
});

describe("values that drivers decode", () => {
  const moment = new Date("2024-05-31T14:30:05.123Z");
  const circle: unknown[] = [];
  circle.push(circle);
  test.each<[string, ColumnType, unknown, Value]>([
    ["int32", int32, 7, 7],
    ["int64", int64, 9007199254740993n, 9007199254740993n],
    ["int64", int64, 12, 12n],
    ["int64", int64, Buffer.from("12"), 12n],
    ["float64", float64, 0.1, 0.1],
    ["float64", float64, Number.NaN, Number.NaN],
    ["float64", float64, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ["decimal", decimal, 12n, 12],
    ["boolean", boolean, true, true],
    ["boolean", boolean, 0, false],
    ["boolean", boolean, Uint8Array.of(1), true],
    ["timestamp", timestamp, moment, ns("2024-05-31T14:30:05.123Z")],
    ["timestamp", timestamp, 5n, 5n],
    ["text", text, "a", "a"],
    ["text", text, 1.5, "1.5"],
    ["text", text, 5n, "5"],
    ["text", text, false, "false"],
    ["text", text, moment, "2024-05-31T14:30:05.123Z"],
    ["text", text, Buffer.from("é"), "é"],
    ["text", text, { a: [1n] }, '{"a":["1"]}'],
    ["text", text, undefined, null],
    ["json", json, { a: [1n] }, '{"a":["1"]}'],
    ["json", json, "a", '"a"'],
    ["uuid", uuid, Buffer.from("a0eebc999c0b4ef8bb6d6bb9bd380a11", "hex"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    ["int64", int64, "12", 12n],
    ["timestamp", timestamp, "1970-01-01", 0n],
    ["bytes", bytes("hex"), "ab", "ab"],
    ["bytes", bytes("hex"), Uint8Array.of(1, 255), "01ff"],
    ["bytes", bytes("utf8"), Uint8Array.of(0x61, 255), "a\ufffd"],
  ])("%s: %s", (_, type, cell, value) => {
    expect(read(type, [cell], "value")).toEqual([[value], []]);
  });

  test.each<[ColumnType, unknown, string]>([
    [int32, 1.5, "1.5"],
    [int32, {}, "an object"],
    [timestamp, 5, "5"],
    [timestamp, new Date(Number.NaN), "Invalid Date"],
    [text, circle, "a object"],
    [text, Symbol("s"), "a symbol"],
    [json, circle, "a object"],
  ])("what does not fit is left empty: %o %s", (type, cell, shown) => {
    const [values, [notice]] = read(type, [cell], "value");
    expect(values).toEqual([null]);
    expect(notice).toMatch(
      `column "c": 1 value does not fit ${type.field} and is left empty, first ${JSON.stringify(shown)} in row 1`,
    );
  });
});

describe("nothing fails a query", () => {
  test.each<[ColumnType, string[]]>([
    [int8, ["128", "-129", "", "a", "1.5", "-", "1".repeat(200)]],
    [int64, ["9223372036854775808", "1e3", "+"]],
    [uint64, ["-1", "18446744073709551616"]],
    [float64, ["", ".", "1,5", "0x10", "1e", "e5", "--1", "1.2.3", "nope"]],
    [float32, ["1e39"]],
    [boolean, ["", "2", "yes", "truest"]],
    [
      timestamp,
      [
        "infinity",
        "-infinity",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "2023-02-29",
        "2024-13-01",
        "2024-04-31",
        "2024-05-31 24:00:00",
        "2024-05-31 14:60:00",
        "2024-05-31 14:30:60",
        "2024-05-31 14:30:05+",
        "2024-05-31 14:30:05+2",
        "2024-05-31 14:30:05+02:",
        "2024-05-31 14:30:05 BC",
        "2024-05-31 14:30:05 ",
        "2024-05-31 1430",
        "2024-05-31x14:30",
        "2024-05-3",
        "12024-05-31",
        "1677-09-20",
        "2262-04-12",
        "",
      ],
    ],
  ])("%o", (type, cells) => {
    const [values, notices] = read(type, [...cells, null], "text");
    expect(values).toEqual(Array(cells.length + 1).fill(null));
    const are = cells.length === 1 ? "1 value does not fit" : `${cells.length} values do not fit`;
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(`column "c": ${are} ${type.field}`);
  });

  test("a notice shows little of a long value", () => {
    const [, [notice]] = read(int64, ["x".repeat(1_000_000)], "text");
    expect(notice).toBe(
      `column "c": 1 value does not fit int64 and is left empty, first "${"x".repeat(40)}…" in row 1`,
    );
  });

  test("what is no FrameError goes on", () => {
    const broken = columnType("int8", {
      fromText() {
        throw new TypeError("bug");
      },
    });
    expect(() => broken.writer("c").appendText("1")).toThrow(new TypeError("bug"));
  });
});

describe("decimals", () => {
  const lost = (row: number, values = "1 value has", are = "is") =>
    `column "c": ${values} more digits than a float64 holds and ${are} rounded, first in row ${row}; cast the column to text to see all digits`;

  test.each([
    ["9007199254740992", []],
    ["9007199254740993", [lost(1)]],
    ["-12345678901234567.5", [lost(1)]],
    // An average: its last digits mean nothing.
    ["12.3333333333333333", []],
    ["0.00000000000000000000000000000012345", []],
    ["100000000000000000000000", []],
    ["1".repeat(400), [lost(1)]],
  ])("%s", (cell, notices) => {
    expect(read(decimal, [cell], "text")[1]).toEqual(notices);
  });

  test.each([
    ["1234567890123.4567", [lost(1)]],
    ["12.3333333333333333", [lost(1)]],
    ["00000000000000000012.50000000000000000", []],
    ["0.1000000000000000000", []],
    ["-1.7976931348623157E+308", []],
    ["-100000000000000000000000.0", []],
    ["0.0000000000000000000000", []],
  ])("of a declared length: %s", (cell, notices) => {
    expect(read(fixedDecimal, [cell], "text")[1]).toEqual(notices);
  });

  test("are told of once a column", () => {
    const [values, notices] = read(fixedDecimal, ["1.5", "9007199254740993", "9007199254740995"], "text");
    expect(values).toEqual([1.5, 9007199254740992, 9007199254740996]);
    expect(notices).toEqual([lost(2, "2 values have", "are")]);
  });

  test("every decimal number is the float64 nearest to it", () => {
    const digits = (max: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: max });
    fc.assert(
      fc.property(fc.constantFrom("", "-"), digits(20), fc.option(digits(20)), (sign, whole, fraction) => {
        const cell = `${sign}${whole}${fraction === null ? "" : `.${fraction}`}`;
        expect(read(float64, [cell], "text")[0]).toEqual([Number(cell)]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("what a float64 gives back has lost nothing", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(read(fixedDecimal, [String(value)], "text")).toEqual([[Number(String(value))], []]);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("every moment from 1677 to 2262 is read, to the nanosecond", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("1677-09-22"), max: new Date("2262-04-11"), noInvalidDate: true }), (date) => {
      const iso = date.toISOString();
      expect(read(timestamp, [iso.replace("T", " ").replace("Z", "456789+00:00")], "text")[0]).toEqual([
        ns(iso, 456_789),
      ]);
    }),
    { numRuns: 2_000 },
  );
});

test("a table knows types by name or number, and makes text of the rest", () => {
  const typeOf = typeTable({ 20: int64, numeric: decimal });
  expect(typeOf(20)).toBe(int64);
  expect(typeOf("20")).toBe(int64);
  expect(typeOf("numeric")).toBe(decimal);
  expect(typeOf("geometry")).toBe(text);
  expect(typeOf("constructor")).toBe(text);
  expect(typeTable({}, json)("any")).toBe(json);
});

describe("cells that a reader of a binary format has", () => {
  const all = [int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64];

  test.each(all)("numbers go into a column of $field as they are", (type) => {
    const writer = type.writer("n");
    writer.appendNumber(7);
    writer.appendNull();
    const { column, notices } = writer.finish();
    expect([...valuesOf(column)].map((value) => value && Number(value))).toEqual([7, null]);
    expect(notices).toEqual([]);
  });

  test("a number that does not fit is left empty with a notice", () => {
    const writer = int8.writer("n");
    writer.appendNumber(200);
    const { column, notices } = writer.finish();
    expect([...valuesOf(column)]).toEqual([null]);
    expect(notices[0]?.text).toBe('column "n": 1 value does not fit int8 and is left empty, first "200" in row 1');
  });

  test("moments go into a column of times, and one out of range is left empty with a notice", () => {
    const writer = timestamp.writer("t");
    writer.appendInstant(-1, 999_999_999);
    writer.appendInstant(1e11, 0);
    const { column, notices } = writer.finish();
    expect([...valuesOf(column)]).toEqual([-1n, null]);
    expect(notices[0]?.text).toContain("1 value does not fit time");
  });

  test("in a column of another type they are what a driver's values are", () => {
    const writer = text.writer("s");
    writer.appendNumber(1.5);
    writer.appendInstant(0, 5_000_000);
    expect([...valuesOf(writer.finish().column)]).toEqual(["1.5", "1970-01-01T00:00:00.005Z"]);
    const decimals = decimal.writer("d");
    decimals.appendNumber(1.5);
    expect([...valuesOf(decimals.finish().column)]).toEqual([1.5]);
  });
});
