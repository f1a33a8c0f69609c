import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Frame, frameFromRows, type Value, valuesOf } from "../src/index.js";
import { frameErrorOf } from "./frame-error-of.js";

/** The fields of a frame as `name: type` with their values. */
function fieldsOf(frame: Frame): Record<string, Value[]> {
  return Object.fromEntries(
    frame.fields.map((field) => [
      `${field.name}: ${field.column.type}${field.nullable ? "?" : ""}`,
      [...valuesOf(field)],
    ]),
  );
}

describe("frameFromRows without a description", () => {
  test("finds the type of each field", () => {
    const made = frameFromRows(
      "f",
      [
        { n: 1.5, i: 9007199254740993n, b: true, d: new Date(1), s: "a", j: { a: [1] } },
        { n: -0, i: -1n, b: false, d: new Date(-1), s: "", j: [] },
      ],
      { refId: "A", meta: { type: "table" } },
    );
    expect(fieldsOf(made)).toEqual({
      "n: float64?": [1.5, -0],
      "i: int64?": [9007199254740993n, -1n],
      "b: boolean?": [true, false],
      "d: time?": [1_000_000n, -1_000_000n],
      "s: string?": ["a", ""],
      "j: json?": ['{"a":[1]}', "[]"],
    });
    expect([made.name, made.refId, made.meta]).toEqual(["f", "A", { type: "table" }]);
  });

  test("adds fields of later rows, in the order in which they are first seen", () => {
    const made = frameFromRows("f", [{ b: 1 }, { a: "x", b: 2 }, {}, { c: true, a: "y" }, { b: 3, d: null }]);
    expect(Object.entries(fieldsOf(made))).toEqual([
      ["b: float64?", [1, 2, null, null, 3]],
      ["a: string?", [null, "x", null, "y", null]],
      ["c: boolean?", [null, null, null, true, null]],
      ["d: string?", [null, null, null, null, null]],
    ]);
  });

  test("takes null, undefined and what is missing as rows without a value", () => {
    const made = frameFromRows("f", [{ a: null }, { a: undefined }, {}, { a: 1n }, { a: null }]);
    expect(fieldsOf(made)).toEqual({ "a: int64?": [null, null, null, 1n, null] });
  });

  test("looks at all rows for texts that are times", () => {
    const times = ["2024-05-31T14:30:05.123456789Z", "2024-05-31T16:30+02:00", null, "1969-12-31t23:59:59-00:00"];
    const rows = times.map((at) => ({ at }));
    expect(fieldsOf(frameFromRows("f", rows))).toEqual({
      "at: time?": [1_717_165_805_123_456_789n, 1_717_165_800_000_000_000n, null, -1_000_000_000n],
    });
    expect(fieldsOf(frameFromRows("f", [...rows, { at: "later" }]))).toEqual({ "at: string?": [...times, "later"] });
  });

  test.each([
    "2024-05-31",
    "2024-05-31T14:30:05",
    "2024-05-31 14:30:05Z",
    "2024/05/31T14:30:05Z",
    "2024-05-31T14:30:05.1234567891Z",
    "2024-02-30T14:30:05Z",
    "2024-05-31T14:30:05Z ",
    "May 31 2024",
    "",
  ])("leaves %j a text", (text) => {
    expect(fieldsOf(frameFromRows("f", [{ at: text }]))).toEqual({ "at: string?": [text] });
  });

  test("makes int64 of bigints and whole numbers, whichever come first", () => {
    const mixed = [{ a: 1 }, { a: null }, { a: 2n ** 60n }, { a: -3 }, { a: Number.MAX_SAFE_INTEGER }];
    expect(fieldsOf(frameFromRows("f", mixed))).toEqual({ "a: int64?": [1n, null, 2n ** 60n, -3n, 9007199254740991n] });
    expect(fieldsOf(frameFromRows("f", [{ a: 5n }, { a: 6 }]))).toEqual({ "a: int64?": [5n, 6n] });
  });

  test.each([
    [[1, 2.5, 3n], 'field "a", row 1: 2.5 is not a whole number that is exact, while row 2 has a bigint'],
    [
      [null, 2 ** 53, 3n],
      'field "a", row 1: 9007199254740992 is not a whole number that is exact, while row 2 has a bigint',
    ],
    [[3n, 2.5], 'field "a", row 1: 2.5 is not a whole number that is exact, while row 0 has a bigint'],
    [[2n ** 63n], 'field "a", row 0: 9223372036854775808n does not fit int64, which reaches from -2^63 to 2^63 - 1'],
    [
      [null, 1, "x"],
      'field "a", row 2: is a text, while row 1 has a number; describe the field with the type "string", which holds both',
    ],
    [
      ["x", { y: 1 }],
      'field "a", row 1: is an object or an array, while row 0 has a text; describe the field with the type "json", which holds both',
    ],
    [
      [new Date(0), true],
      'field "a", row 1: is a boolean, while row 0 has a Date; describe the field with the type "string", which holds both',
    ],
    [
      [new Date(Number.NaN)],
      'field "a", row 0: an invalid Date is not a time; give a Date, milliseconds as a number or nanoseconds as a bigint',
    ],
    [[null, () => 1], 'field "a", row 1: a function is no value of a field'],
    [[1, Symbol("s")], 'field "a", row 1: a symbol is no value of a field'],
    [[new Map([[1, 2]])], 'field "a", row 0: an object is no value of a field'],
    [[{ a: 1n }], 'field "a", row 0: a bigint or an object within itself is no JSON'],
  ])("names field and row of what does not go together (%#)", (values, message) => {
    const error = frameErrorOf(() =>
      frameFromRows(
        "f",
        values.map((a) => ({ a })),
      ),
    );
    expect(error.message).toBe(message);
    expect(error.field).toBe("a");
  });

  test.each([
    [[{ a: 1 }, null], "row 1: null is no object"],
    [["text"], 'row 0: "text" is no object'],
    [[[1, 2]], 'row 0: an array is no object; name the fields of rows that are arrays with the option "fields"'],
  ])("names a row that is none (%#)", (rows: unknown[], message) => {
    expect(frameErrorOf(() => frameFromRows("f", rows)).message).toBe(message);
  });

  test("takes anything that can be iterated", () => {
    function* rows() {
      for (let i = 0; i < 200; i++) {
        yield { i, s: `text ${i}`, b: i % 2 === 0 };
      }
    }
    const made = frameFromRows("f", rows());
    expect(made.length).toBe(200);
    expect(made.fields.map((field) => [...valuesOf(field)].at(-1))).toEqual([199, "text 199", false]);
    expect(fieldsOf(frameFromRows("f", new Set([{ a: 1 }])))).toEqual({ "a: float64?": [1] });
  });

  test("takes keys that look like integers, and such that every object inherits", () => {
    const rows: unknown = JSON.parse('[{"b":1,"2024":2,"__proto__":3,"constructor":4},{}]');
    const made = frameFromRows("f", rows as object[]);
    expect(Object.entries(fieldsOf(made))).toEqual([
      ["2024: float64?", [2, null]],
      ["b: float64?", [1, null]],
      ["__proto__: float64?", [3, null]],
      ["constructor: float64?", [4, null]],
    ]);
  });

  test("leaves out what a row inherits", () => {
    const row: unknown = Object.assign(Object.create({ inherited: 1 }), { own: 2 });
    expect(fieldsOf(frameFromRows("f", [row, { own: 3 }]))).toEqual({ "own: float64?": [2, 3] });
  });

  test("makes a frame without fields of no rows, and fields without names of none", () => {
    expect(frameFromRows("f", []).fields).toEqual([]);
    expect(frameFromRows("f", [{}, {}]).length).toBe(0);
  });

  test("finds what stands in any rows, whatever their keys", () => {
    const row = fc.record(
      { a: fc.double(), b: fc.string(), c: fc.bigInt(0n, 9n), d: fc.boolean() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const made = frameFromRows("f", rows);
        for (const field of made.fields) {
          const values = rows.map((each: Readonly<Record<string, unknown>>) => each[field.name] ?? null);
          expect([...valuesOf(field)]).toEqual(values);
        }
        expect(new Set(made.fields.map(({ name }) => name))).toEqual(
          new Set(rows.flatMap((each) => Object.keys(each))),
        );
      }),
    );
  });

  test("refuses rows without members of their own, of which nothing would be left", () => {
    for (const row of [
      new Map([["a", 1]]),
      new (class {
        get a() {
          return 1;
        }
      })(),
    ]) {
      expect(() => frameFromRows("f", [row])).toThrow(/row 0: an object has no members of its own; give plain objects/);
    }
  });

  test("takes a row's own members alone, whatever came before", () => {
    const inherits: object = Object.assign(Object.create({ b: 9 }), { c: 2 });
    expect(fieldsOf(frameFromRows("f", [{ b: 1 }, inherits]))).toEqual({
      "b: float64?": [1, null],
      "c: float64?": [null, 2],
    });
    expect(fieldsOf(frameFromRows("f", [inherits, { b: 1 }]))).toEqual({
      "c: float64?": [2, null],
      "b: float64?": [null, 1],
    });
  });

  test("refuses rows with ever new keys, which would make a frame of gaps", () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => ({ [`key ${i}`]: i }));
    expect(() => frameFromRows("f", rows)).toThrow(/the rows have ever new keys/);
  });
});
