import { describe, expect, test } from "vitest";
import { type FieldType, frameFromRows, type RowField, type Value, valuesOf } from "../src/index.js";
import { frameErrorOf } from "./frame-error-of.js";

/** The values of one field that is described so, from rows with the key `v`. */
function valuesAs(described: RowField<{ v: unknown }>, values: readonly unknown[]): Value[] {
  const [field] = frameFromRows(
    "f",
    values.map((v) => ({ v })),
    { fields: { v: described } },
  ).fields;
  return field === undefined ? [] : [...valuesOf(field)];
}

interface Reading {
  readonly ts: number;
  readonly main: { readonly temp: string; readonly wind?: { readonly speed: number } | null };
  readonly tags: readonly string[];
  readonly "a.b": boolean;
}

const readings: Reading[] = [
  { ts: 1, main: { temp: "21.5", wind: { speed: 3 } }, tags: ["x", "y"], "a.b": true },
  { ts: 2, main: { temp: "-1e3" }, tags: [], "a.b": false },
  { ts: 3, main: { temp: "NaN", wind: null }, tags: ["z"], "a.b": false },
];

describe("frameFromRows with described fields", () => {
  test("takes the fields that are described, in their order, from keys, paths and functions", () => {
    const made = frameFromRows("weather", readings, {
      refId: "A",
      fields: {
        time: { type: "time", from: "ts", epoch: "s", nullable: false },
        temperature: { type: "float64", from: "main.temp", unit: "celsius", labels: { city: "Bern" } },
        speed: { from: "main.wind.speed" },
        first: { type: "string", from: "tags.0" },
        "a.b": {},
        sum: { type: "int32", from: (row, index) => row.tags.length + index },
      },
    });
    expect(made.fields.map(({ name, column, nullable }) => `${name}: ${column.type}${nullable ? "?" : ""}`)).toEqual([
      "time: time",
      "temperature: float64?",
      "speed: float64?",
      "first: string?",
      "a.b: boolean?",
      "sum: int32?",
    ]);
    expect(made.fields.map((field) => [...valuesOf(field)])).toEqual([
      [1_000_000_000n, 2_000_000_000n, 3_000_000_000n],
      [21.5, -1000, Number.NaN],
      [3, null, null],
      ["x", null, "z"],
      [true, false, false],
      [2, 1, 3],
    ]);
    expect(made.refId).toBe("A");
    expect(made.fields[1]?.config).toEqual({ unit: "celsius" });
    expect(made.fields[1]?.labels).toEqual({ city: "Bern" });
    expect(made.fields[0]?.config).toBeUndefined();
  });

  test("takes rows that are arrays by place or index", () => {
    const rows: [string, number][] = [
      ["1700000000000000001", 1],
      ["1700000000000000002", 2],
    ];
    const made = frameFromRows("f", rows, {
      fields: { time: { type: "time", epoch: "ns" }, line: {}, again: { from: 0 }, last: { from: ([, n]) => -n } },
    });
    expect(made.fields.map((field) => [...valuesOf(field)])).toEqual([
      [1_700_000_000_000_000_001n, 1_700_000_000_000_000_002n],
      [1, 2],
      ["1700000000000000001", "1700000000000000002"],
      [-1, -2],
    ]);
  });

  test("takes fields as an array, for names that come twice or look like integers", () => {
    const made = frameFromRows("f", [{ a: 1 }], {
      fields: [
        { name: "2024", from: "a" },
        { name: "a", type: "uint8" },
        { name: "a" },
        { name: "b", from: (row) => row.a },
      ],
    });
    expect(made.fields.map(({ name, column }) => `${name}: ${column.type}`)).toEqual([
      "2024: float64",
      "a: uint8",
      "a: float64",
      "b: float64",
    ]);
    expect(() => frameFromRows("f", [], { fields: { b: {}, 2024: {} } })).toThrow(/give the fields as an array/);
  });

  test("makes all fields of no rows", () => {
    const made = frameFromRows("f", [], { fields: { time: { type: "time" }, state: { type: "enum" }, other: {} } });
    expect(made.fields.map(({ column }) => `${column.type} ${column.length}`)).toEqual([
      "time 0",
      "enum 0",
      "string 0",
    ]);
  });

  test.each<[RowField<{ v: unknown }>, unknown[], Value[]]>([
    [
      { type: "float64" },
      [1, "12.5", "+.5", "-1E-3", "5.", 7n, "Inf", "-Infinity", null],
      [1, 12.5, 0.5, -0.001, 5, 7, Infinity, -Infinity, null],
    ],
    [{ type: "float32" }, ["0.1", 2], [Math.fround(0.1), 2]],
    [{ type: "int64" }, [1, "9007199254740993", "-0", "+7", 5n], [1n, 9007199254740993n, 0n, 7n, 5n]],
    [{ type: "uint64" }, ["18446744073709551615", 0], [18446744073709551615n, 0n]],
    [{ type: "int8" }, [-128, "127", 3n, undefined], [-128, 127, 3, null]],
    [{ type: "boolean" }, [true, "false", "true"], [true, false, true]],
    [
      { type: "string" },
      ["a", 1.5, 10n, false, new Date(0), ""],
      ["a", "1.5", "10", "false", "1970-01-01T00:00:00.000Z", ""],
    ],
    [{ type: "json" }, ["a", 1, [1], { b: null }, null], ['"a"', "1", "[1]", '{"b":null}', null]],
    [
      { type: "time" },
      [new Date(1), 2, 3n, "1970-01-01T00:00:00.000000004Z", "1970-01-02", null],
      [1_000_000n, 2_000_000n, 3n, 4n, 86_400_000_000_000n, null],
    ],
    [
      { type: "time", epoch: "s" },
      [1_700_000_000.123, -0.5, 2n, "3", "4.5"],
      [1_700_000_000_123_000_000n, -500_000_000n, 2_000_000_000n, 3_000_000_000n, 4_500_000_000n],
    ],
    [{ type: "time", epoch: "s" }, [0.9999999], [1_000_000_000n]],
    [
      { type: "time", epoch: "ms" },
      [1.5, 2n, "1700000000000.000001"],
      [1_500_000n, 2_000_000n, 1_700_000_000_000_000_001n],
    ],
    [
      { type: "time", epoch: "us" },
      [1_700_000_000_123_456, -1, 0.5, "1.5"],
      [1_700_000_000_123_456_000n, -1000n, 500n, 1500n],
    ],
    [{ type: "time", epoch: "ns" }, [5, -5, 6n, "-9223372036854775808"], [5n, -5n, 6n, -(2n ** 63n)]],
    [{ type: "time", epoch: "ns" }, ["1970-01-01T00:00:01Z"], [1_000_000_000n]],
  ])("converts to %j", (described, values, expected) => {
    expect(valuesAs(described, values)).toEqual(expected);
  });

  test.each<[RowField<{ v: unknown }>, unknown, string | RegExp]>([
    [{ type: "float64" }, "", '"" is not a number'],
    [{ type: "float64" }, "0x10", '"0x10" is not a number'],
    [{ type: "float64" }, " 1", '" 1" is not a number'],
    [{ type: "float64" }, "1e400", '"1e400" is not a number'],
    [{ type: "float64" }, 2n ** 53n + 1n, "9007199254740993n is not a number"],
    [{ type: "float64" }, 10n ** 400n, /^field "v", row 1: a bigint of more than 40 digits is not a number$/],
    [{ type: "float64" }, true, "true is not a number"],
    [{ type: "float32" }, "1e39", "1e+39 is too large for a float32"],
    [{ type: "int64" }, "1.0", '"1.0" is not an integer'],
    [{ type: "int64" }, 1.5, "1.5 is not an integer"],
    [
      { type: "int64" },
      "9223372036854775808",
      "9223372036854775808n does not fit int64, which reaches from -2^63 to 2^63 - 1",
    ],
    [{ type: "int64" }, "1".repeat(1000), `"${"1".repeat(40)}…" is not an integer`],
    [{ type: "uint8" }, "256", "256 does not fit uint8, which reaches from 0 to 255"],
    [{ type: "uint8" }, -1n, "-1 does not fit uint8, which reaches from 0 to 255"],
    [{ type: "boolean" }, 1, "1 is not a boolean"],
    [{ type: "string" }, {}, "an object is not a text; a field of json holds it"],
    [{ type: "json" }, 1n, "a bigint or an object within itself is no JSON"],
    [{ type: "time" }, "soon", '"soon" is not a time'],
    [{ type: "time" }, "1700000000", '"1700000000" is not a time; say by "epoch" what its digits count'],
    [{ type: "time" }, true, "true is not a time"],
    [{ type: "time" }, "2262-04-12", '"2262-04-12" is not a time'],
    [
      { type: "time", epoch: "s" },
      1e10,
      "10000000000 seconds since 1970 are outside the years 1677 to 2262 that nanoseconds in 64 bits can hold",
    ],
    [{ type: "time", epoch: "s" }, Number.NaN, "NaN is not a time"],
    [{ type: "time", epoch: "s" }, 10n ** 12n, /outside the years 1677 to 2262/],
    [
      { type: "time", epoch: "ns" },
      1.7e18,
      "1700000000000000000 nanoseconds are not exact as a number; give them as a bigint or a text",
    ],
    [{ type: "time", epoch: "ns" }, "1.5", '"1.5" is not a time'],
    [{ type: "enum", enum: { text: ["a"] } }, "b", '"b" is none of the enum\'s 1 texts'],
    [{ type: "enum" }, 3, "3 is not a string"],
  ])("refuses for %j the value %s", (described, value, problem) => {
    const error = frameErrorOf(() => valuesAs(described, [null, value]));
    expect(error.message).toMatch(problem);
    expect([error.field, error.row]).toEqual(["v", 1]);
  });

  test("names the row without a value of a field that promises one", () => {
    const error = frameErrorOf(() => valuesAs({ type: "float64", nullable: false }, [1, null]));
    expect(error.message).toBe('field "v", row 1: has no value, and the field is not nullable');
  });

  test("gathers an enum's texts, or takes those given with their looks", () => {
    const rows = [{ v: "ok" }, { v: "failed" }, { v: null }, { v: "ok" }];
    const gathered = frameFromRows("f", rows, { fields: { v: { type: "enum", description: "state" } } }).fields[0];
    expect(gathered?.config).toEqual({ description: "state", type: { enum: { text: ["ok", "failed"] } } });
    expect(gathered && [...valuesOf(gathered)]).toEqual([0, 1, null, 0]);
    const looks = { text: ["failed", "ok"], color: ["red", "green"] };
    const given = frameFromRows("f", rows, { fields: { v: { type: "enum", enum: looks } } }).fields[0];
    expect(given?.config).toEqual({ type: { enum: looks } });
    expect(given && [...valuesOf(given)]).toEqual([1, 0, null, 1]);
  });

  test("names the row where a path meets no object, and the one whose function fails", () => {
    const rows: unknown[] = [{ a: { b: 1 } }, { a: null }, {}, { a: 5 }];
    expect(frameErrorOf(() => frameFromRows("f", rows, { fields: { x: { from: "a.b" } } })).message).toBe(
      'field "x", row 3: 5 stands at "a", where the path needs an object',
    );
    const failing = () =>
      frameFromRows("f", readings, {
        fields: { x: { from: (row) => row.main.wind?.speed.toFixed(1) + missing(row.ts) } },
      });
    const error = frameErrorOf(failing);
    expect(error.message).toBe('field "x", row 1: its "from" failed: no row 2');
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  test("reads getters, and nothing that every object inherits", () => {
    class Point {
      get twice() {
        return 4;
      }
    }
    expect(
      frameFromRows("f", [new Point()], { fields: { twice: {} } }).fields.map((field) => [...valuesOf(field)]),
    ).toEqual([[4]]);
    const names = ["constructor", "__proto__", "toString"];
    const fields = names.map((name) => ({ name }));
    const own: unknown = JSON.parse('{"constructor":1,"__proto__":2,"toString":3}');
    expect(frameFromRows("f", [{}, own], { fields }).fields.map((field) => [...valuesOf(field)])).toEqual([
      [null, 1],
      [null, 2],
      [null, 3],
    ]);
  });

  test.each([
    [[{ v: 1 }, 5], "row 1: 5 is no row; a row is an object or an array"],
    [[{ v: 1 }, null], "row 1: null is no row; a row is an object or an array"],
    [[{ v: 1 }, [1]], "row 1: an array is no row like the first one"],
    [[[1], { v: 1 }], "row 1: an object is no row like the first one"],
  ])("names a row that is none (%#)", (rows: unknown[], message) => {
    expect(frameErrorOf(() => frameFromRows("f", rows, { fields: { v: {} } })).message).toBe(message);
  });

  test("names the field whose source is none for such rows", () => {
    const objects: unknown[] = [{ v: 1 }];
    const arrays: unknown[] = [[1]];
    expect(frameErrorOf(() => frameFromRows("f", objects, { fields: { x: { from: 0 } } })).message).toBe(
      'field "x": the rows are objects, in which 0 names no place',
    );
    expect(frameErrorOf(() => frameFromRows("f", arrays, { fields: { x: { from: "v" } } })).message).toBe(
      'field "x": the rows are arrays, in which "v" names no place',
    );
  });

  test("finds types of described fields as it does without a description", () => {
    const rows = [{ at: "2024-05-31T14:30:05Z", n: 1 }];
    const made = frameFromRows("f", rows, { fields: { n: { unit: "ms" }, at: {} } });
    expect(made.fields.map(({ column }): FieldType => column.type)).toEqual(["float64", "time"]);
    expect(made.fields[0]?.config).toEqual({ unit: "ms" });
  });
});

/** Fails for all rows but the first. */
function missing(row: number): string {
  if (row > 1) {
    throw new RangeError(`no row ${row}`);
  }
  return "";
}

/** Never called: the compiler is what is tested. */
export function misuse(unknowns: object[]): void {
  frameFromRows("f", unknowns, { fields: { any: { from: "some.path" } } });
  frameFromRows("f", readings, { fields: { ts: { type: "time", epoch: "s" }, t: { from: (row) => row.main.temp } } });
  // @ts-expect-error: no such key, and no "from"
  frameFromRows("f", readings, { fields: { time: { type: "time" } } });
  // @ts-expect-error: no such key
  frameFromRows("f", readings, { fields: { time: { type: "time", from: "tss" } } });
  // @ts-expect-error: no such path
  frameFromRows("f", readings, { fields: { time: { type: "time", from: "main.tmp" } } });
  // @ts-expect-error: rows are objects
  frameFromRows("f", readings, { fields: { time: { type: "time", from: 0 } } });
  // @ts-expect-error: only times have an epoch
  frameFromRows("f", readings, { fields: { ts: { type: "float64", epoch: "s" } } });
  // @ts-expect-error: no such type
  frameFromRows("f", readings, { fields: { ts: { type: "float" } } });
  // @ts-expect-error: no such option
  frameFromRows("f", readings, { fields: { ts: { units: "ms" } } });
  // @ts-expect-error: rows are arrays
  frameFromRows("f", [[1]], { fields: { a: { from: "a" } } });
}
