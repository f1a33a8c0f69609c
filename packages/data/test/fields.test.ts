import { describe, expect, test } from "vitest";
import {
  booleanColumn,
  booleans,
  columnBuilder,
  enums,
  enumTextAt,
  type FieldType,
  FrameError,
  field,
  fieldOf,
  frame,
  integers,
  json,
  jsonAt,
  jsonColumn,
  numbers,
  stringColumn,
  strings,
  times,
  toDate,
  toMilliseconds,
  typedColumn,
  typeOf,
  type Value,
  valueAt,
  valuesOf,
} from "../src/index.js";

/** What an action throws, which must be a FrameError. */
function errorOf(action: () => unknown): FrameError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    if (error instanceof FrameError) {
      return error;
    }
  }
  throw new Error("nothing was thrown");
}

describe("numbers", () => {
  test("keeps NaN and the infinities as values, null and undefined as rows without", () => {
    const made = numbers([1.5, null, Number.NaN, undefined, Number.NEGATIVE_INFINITY, -0]);
    expect([...valuesOf(made)]).toEqual([1.5, null, Number.NaN, null, Number.NEGATIVE_INFINITY, -0]);
    expect(made.column.nullCount).toBe(2);
    expect(typeOf(made)).toBe("float64");
  });

  test("takes a Float64Array as it is", () => {
    const values = Float64Array.of(1, 2, 3);
    const { column } = numbers(values);
    expect(column.type === "float64" && column.values).toBe(values);
    expect(column.validity).toBeUndefined();
  });

  test("takes a Float32Array as it is, as a field of float32", () => {
    const values = Float32Array.of(1.5, Number.NaN);
    const { column } = numbers(values);
    expect(column.type === "float32" && column.values).toBe(values);
  });

  test("converts other typed arrays", () => {
    expect([...valuesOf(numbers(Uint8Array.of(1, 255)))]).toEqual([1, 255]);
  });

  test("names the row of what is no number", () => {
    const mixed: unknown[] = [1, "2"];
    const error = errorOf(() => numbers(mixed as number[]));
    expect(error.message).toBe('row 1: "2" is not a number');
    expect(error.row).toBe(1);
  });

  test("names the field where the options do", () => {
    const mixed: unknown[] = [{}];
    const error = errorOf(() => numbers(mixed as number[], { name: "speed" }));
    expect(error.message).toBe('field "speed", row 0: an object is not a number');
    expect(error.field).toBe("speed");
  });
});

describe("integers", () => {
  test("is exact for bigints and safe numbers of both signs", () => {
    const values = [0, -1, 1, 4294967296, -4294967296, -4294967297, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const big = [2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n];
    expect([...valuesOf(integers([...values, ...big, null]))]).toEqual([...values.map(BigInt), ...big, null]);
  });

  test.each([
    ["int8", Int8Array.of(-128, 127)],
    ["int16", Int16Array.of(-32_768, 32_767)],
    ["int32", Int32Array.of(-1, 1)],
    ["int64", BigInt64Array.of(1n, -2n)],
    ["uint8", Uint8Array.of(0, 255)],
    ["uint16", Uint16Array.of(0, 65_535)],
    ["uint32", Uint32Array.of(0, 4_294_967_295)],
    ["uint64", BigUint64Array.of(0n, 2n ** 64n - 1n)],
  ])("takes a typed array of %s as it is", (type, values) => {
    const { column } = integers(values);
    expect(column.type).toBe(type);
    expect("values" in column && column.values).toBe(values);
    expect([...valuesOf(column)]).toEqual([...values]);
  });

  test.each([
    [1.5, "row 1: 1.5 is not an integer"],
    [Number.NaN, "row 1: NaN is not an integer"],
    [2 ** 53, "row 1: 9007199254740992 is too large for a number to be exact; give it as a bigint"],
    [2n ** 63n, "row 1: 9223372036854775808n does not fit int64, which reaches from -2^63 to 2^63 - 1"],
    [-(2n ** 63n) - 1n, "row 1: -9223372036854775809n does not fit int64, which reaches from -2^63 to 2^63 - 1"],
  ])("refuses %s", (value, message) => {
    expect(errorOf(() => integers([0, value])).message).toBe(message);
  });
});

describe("times", () => {
  test("takes dates, milliseconds and nanoseconds", () => {
    const made = times([
      new Date(1_700_000_000_123),
      1_700_000_000_123,
      -1,
      0.25,
      -0.25,
      1_700_000_000_123_456_789n,
      null,
    ]);
    expect([...valuesOf(made)]).toEqual([
      1_700_000_000_123_000_000n,
      1_700_000_000_123_000_000n,
      -1_000_000n,
      250_000n,
      -250_000n,
      1_700_000_000_123_456_789n,
      null,
    ]);
  });

  test("takes a BigInt64Array of nanoseconds as it is", () => {
    const values = BigInt64Array.of(1n);
    const { column } = times(values);
    expect(column.type === "time" && column.values).toBe(values);
  });

  test("reaches as far as 64 bits do", () => {
    const first = Date.UTC(1677, 8, 21, 0, 12, 44);
    const last = Date.UTC(2262, 3, 11, 23, 47, 16);
    expect([...valuesOf(times([first, last]))]).toEqual([BigInt(first) * 1_000_000n, BigInt(last) * 1_000_000n]);
    for (const outside of [first - 1000, last + 1000, 2n ** 63n, 8.64e15]) {
      expect(errorOf(() => times([0, outside])).message).toMatch(/^row 1: .* is outside the years 1677 to 2262/);
    }
  });

  test.each([
    [new Date(Number.NaN), "an invalid Date"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ])("refuses %s", (value, shown) => {
    expect(errorOf(() => times([0, 0, value])).message).toBe(
      `row 2: ${shown} is not a time; give a Date, milliseconds as a number or nanoseconds as a bigint`,
    );
  });

  test("rounds down when turned back into milliseconds", () => {
    expect(toMilliseconds(1_999_999n)).toBe(1);
    expect(toMilliseconds(-1n)).toBe(-1);
    expect(toMilliseconds(-1_000_000n)).toBe(-1);
    expect(toDate(1_700_000_000_123_456_789n).toISOString()).toBe("2023-11-14T22:13:20.123Z");
  });
});

describe("strings", () => {
  test("keeps texts of all lengths and scripts, and tells empty from missing", () => {
    const values = [
      "",
      null,
      "a",
      "é",
      "日本語",
      "👩‍👩‍👧",
      "\u{feff}bom",
      "x".repeat(1000),
      "ü".repeat(500),
      undefined,
      "\0",
    ];
    expect([...valuesOf(strings(values))]).toEqual(values.map((value) => value ?? null));
  });

  test("grows with its texts", () => {
    const values = Array.from({ length: 300 }, (_, i) => "€".repeat(i));
    expect([...valuesOf(strings(values))]).toEqual(values);
  });

  test("replaces a lone surrogate", () => {
    expect([...valuesOf(strings(["a\ud800b"]))]).toEqual(["a\ufffdb"]);
  });

  test("names the row of what is no string", () => {
    const mixed: unknown[] = ["a", 7];
    expect(errorOf(() => strings(mixed as string[])).message).toBe("row 1: 7 is not a string");
  });
});

describe("booleans", () => {
  test("packs bits across bytes", () => {
    const values = Array.from({ length: 19 }, (_, i) => (i % 5 === 0 ? null : i % 3 === 0));
    const made = booleans(values);
    expect([...valuesOf(made)]).toEqual(values);
    expect(made.column.nullCount).toBe(4);
  });

  test("names the row of what is no boolean", () => {
    const mixed: unknown[] = [true, 1];
    expect(errorOf(() => booleans(mixed as boolean[])).message).toBe("row 1: 1 is not a boolean");
  });
});

describe("fieldOf", () => {
  test.each<[FieldType, Value[]]>([
    ["int8", [-128, 127, null]],
    ["int16", [-32_768, 32_767, null]],
    ["int32", [-2_147_483_648, 2_147_483_647, null]],
    ["int64", [-(2n ** 63n), 2n ** 63n - 1n, null]],
    ["uint8", [0, 255, null]],
    ["uint16", [0, 65_535, null]],
    ["uint32", [0, 4_294_967_295, null]],
    ["uint64", [0n, 2n ** 64n - 1n, null]],
    ["float32", [1.5, Number.NEGATIVE_INFINITY, null]],
    ["float64", [0.1, Number.NaN, null]],
    ["enum", [0, 65_535, null]],
    ["time", [-1n, 0n, null]],
    ["string", ["", "a", null]],
    ["boolean", [true, false, null]],
  ])("keeps the ends of %s, and nulls", (type, values) => {
    const made = fieldOf(type, values);
    expect(typeOf(made)).toBe(type);
    expect([...valuesOf(made)]).toEqual(values);
    expect(made.column.nullCount).toBe(1);
  });

  test.each<[FieldType, unknown, string]>([
    ["int8", 128, "128 does not fit int8, which reaches from -128 to 127"],
    ["uint8", -1, "-1 does not fit uint8, which reaches from 0 to 255"],
    ["uint16", 65_536, "65536 does not fit uint16, which reaches from 0 to 65535"],
    ["int32", 1.5, "1.5 is not an integer"],
    ["uint32", Number.NaN, "NaN is not an integer"],
    ["int16", "7", '"7" is not a number'],
    ["float32", 1e39, "1e+39 is too large for a float32"],
    ["uint64", -1n, "-1n does not fit uint64, which reaches from 0 to 2^64 - 1"],
    ["uint64", -1, "-1 does not fit uint64, which reaches from 0 to 2^64 - 1"],
    ["uint64", 2 ** 53, "9007199254740992 is too large for a number to be exact; give it as a bigint"],
    ["json", () => {}, "a function is no JSON"],
    ["json", { big: 1n }, "a bigint or an object within itself is no JSON"],
  ])("refuses for %s a value that does not fit, naming field and row", (type, value, problem) => {
    const error = errorOf(() => fieldOf<FieldType>(type, [null, value], { name: "f" }));
    expect(error.message).toBe(`field "f", row 1: ${problem}`);
    expect([error.field, error.row]).toEqual(["f", 1]);
  });
});

describe("json", () => {
  test("holds documents, which are read as text or parsed", () => {
    const { column } = json([{ a: [1, "é"] }, null, "text", 0, false]);
    expect([...valuesOf(column)]).toEqual(['{"a":[1,"é"]}', null, '"text"', "0", "false"]);
    expect(column.type === "json" && jsonAt(column, 0)).toEqual({ a: [1, "é"] });
    expect(column.type === "json" && jsonAt(column, 1)).toBeUndefined();
  });

  test("reads an empty document, which Go has for one that is not there, as null", () => {
    expect(jsonAt(jsonColumn(Int32Array.of(0, 0), new Uint8Array(0)), 0)).toBeNull();
  });

  test("says where what stands there is no JSON", () => {
    const broken = jsonColumn(Int32Array.of(0, 1, 3), new TextEncoder().encode("1{]"));
    expect(errorOf(() => jsonAt(broken, 1)).message).toBe("row 1: is no valid JSON");
  });
});

describe("enums", () => {
  test("lists texts as they come", () => {
    const made = enums(["ok", "failed", null, "ok"], { unit: "none" });
    expect([...valuesOf(made)]).toEqual([0, 1, null, 0]);
    expect(made.config).toEqual({ unit: "none", type: { enum: { text: ["ok", "failed"] } } });
    expect([0, 1, 2, 3].map((row) => enumTextAt(made, row))).toEqual(["ok", "failed", null, "ok"]);
  });

  test("keeps to a given list", () => {
    const type = { enum: { text: ["ok", "failed", "failed"], color: ["green", "red", "red"] } };
    const made = enums(["failed"], { type });
    expect([...valuesOf(made)]).toEqual([1]);
    expect(made.config?.type).toEqual(type);
    expect(errorOf(() => enums(["ok", "gone"], { type, name: "state" })).message).toBe(
      `field "state", row 1: "gone" is none of the enum's 3 texts`,
    );
  });

  test("has no text for a place beyond the list", () => {
    expect(enumTextAt(fieldOf("enum", [7]), 0)).toBeNull();
    expect(() => enumTextAt(numbers([1]), 0)).toThrow(TypeError);
  });
});

describe("columnBuilder", () => {
  test("grows, and tells nulls from values at every length", () => {
    for (let length = 0; length < 300; length++) {
      const builder = columnBuilder("int16");
      const values = Array.from({ length }, (_, i) => (i >= 70 && i % 3 === 0 ? null : i));
      for (const value of values) builder.append(value);
      expect(builder.length).toBe(length);
      expect([...valuesOf(builder.finish())]).toEqual(values);
    }
  });

  test("adds nothing for a value that does not fit", () => {
    const builder = columnBuilder("uint8", { field: "small" });
    builder.append(1);
    expect(errorOf(() => builder.append(256)).message).toMatch(/^field "small", row 1: 256 does not fit uint8/);
    builder.append(2);
    expect([...valuesOf(builder.finish())]).toEqual([1, 2]);
  });

  test("takes a reader's bytes, short and long, beside texts", () => {
    const bytes = new TextEncoder().encode(`short, and one of more than twenty-four bytes: é`);
    const builder = columnBuilder("string");
    builder.appendBytes(bytes, 0, 5);
    builder.append("text");
    builder.appendNull();
    builder.appendBytes(bytes, 7);
    expect([...valuesOf(builder.finish())]).toEqual([
      "short",
      "text",
      null,
      "and one of more than twenty-four bytes: é",
    ]);
  });
});

describe("a builder", () => {
  test.each([
    [0, 3],
    [2, 0],
    [-1, 1],
    [Number.NaN, 1],
  ])("refuses bytes that are not there, from %s to %s", (start, end) => {
    const builder = columnBuilder("string");
    builder.append("kept");
    expect(() => builder.appendBytes(new Uint8Array(2), start, end)).toThrow(RangeError);
    expect([...valuesOf(builder.finish())]).toEqual(["kept"]);
  });

  test.each([Number.NaN, 1e9, -1, 0.5])("refuses %s nanoseconds of a second", (nanoseconds) => {
    const builder = columnBuilder("time", { field: "t" });
    expect(errorOf(() => builder.appendInstant(1, nanoseconds)).message).toBe(
      `field "t", row 0: ${nanoseconds} are no nanoseconds of a second`,
    );
  });
});

describe("columns over existing memory", () => {
  test("count nulls and drop a bitmap without any", () => {
    expect(typedColumn("float64", Float64Array.of(1, 2, 3), Uint8Array.of(0b101)).nullCount).toBe(1);
    expect(typedColumn("int64", BigInt64Array.of(1n, 2n), Uint8Array.of(0b11)).validity).toBeUndefined();
    expect([...valuesOf(typedColumn("time", BigInt64Array.of(1n, 2n), Uint8Array.of(0b10)))]).toEqual([null, 2n]);
    expect([...valuesOf(booleanColumn(Uint8Array.of(0b01), 2))]).toEqual([true, false]);
  });

  test("refuse memory that is too short", () => {
    expect(() => typedColumn("float64", new Float64Array(9), new Uint8Array(1))).toThrow(FrameError);
    expect(() => booleanColumn(new Uint8Array(1), 9)).toThrow(FrameError);
    expect(() => stringColumn(new Int32Array(0), new Uint8Array(0))).toThrow(FrameError);
  });

  test("refuse offsets that leave the bytes or go back", () => {
    const bytes = new Uint8Array(4);
    expect(errorOf(() => stringColumn(Int32Array.of(0, 2, 1), bytes)).row).toBe(1);
    expect(errorOf(() => stringColumn(Int32Array.of(0, 2, 5), bytes)).row).toBe(1);
    expect(errorOf(() => stringColumn(Int32Array.of(-1, 2, 3), bytes)).row).toBe(0);
  });

  test("are checked when they become a field", () => {
    const column = {
      type: "float64",
      length: 3,
      nullCount: 0,
      validity: undefined,
      values: new Float64Array(2),
    } as const;
    expect(errorOf(() => field("short", column)).message).toBe(
      'field "short": the values of 3 rows must have a length of 3 at least, not 2',
    );
    const texts = {
      ...column,
      type: "string",
      length: 1,
      offsets: Int32Array.of(5, 2),
      bytes: new Uint8Array(9),
    } as const;
    expect(errorOf(() => field("texts", texts)).row).toBe(0);
    expect(() => field("bits", { ...column, values: new Float64Array(3), nullCount: 1 })).toThrow(
      /needs a validity bitmap/,
    );
  });
});

describe("valueAt", () => {
  test("reads rows of a field and of a column", () => {
    const made = strings(["a", null]);
    expect(valueAt(made, 0)).toBe("a");
    expect(valueAt(made.column, 1)).toBeNull();
  });

  test.each([-1, 2, 0.5, Number.NaN])("there is no row %s", (row) => {
    expect(() => valueAt(numbers([1, 2]), row)).toThrow(new RangeError(`there is no row ${row} in a column of 2 rows`));
  });
});

describe("frame", () => {
  test("names fields by an object's keys", () => {
    const made = frame("f", { time: times([0]), value: numbers([1], { unit: "celsius", labels: { city: "Bern" } }) });
    expect(made.fields.map(({ name }) => name)).toEqual(["time", "value"]);
    expect(made.length).toBe(1);
    expect(made.fields[1]).toMatchObject({ nullable: true, labels: { city: "Bern" }, config: { unit: "celsius" } });
    expect(made.fields[0]).toMatchObject({ labels: undefined, config: undefined });
  });

  test("takes an array for names that an object cannot hold", () => {
    const made = frame("f", [numbers([1], { name: "1" }), numbers([2], { name: "0" }), numbers([3], { name: "0" })]);
    expect(made.fields.map(({ name }) => name)).toEqual(["1", "0", "0"]);
  });

  test("refuses an object whose keys JavaScript has moved", () => {
    const error = errorOf(() => frame("f", { time: times([0]), 2024: numbers([1]) }));
    expect(error.message).toMatch(/^field "2024": JavaScript moves keys/);
  });

  test("has refId and meta of the options, and no rows without fields", () => {
    const made = frame("f", {}, { refId: "A", meta: { executedQueryString: "SELECT 1" } });
    expect(made).toMatchObject({ refId: "A", length: 0, meta: { executedQueryString: "SELECT 1" } });
  });

  test("names fields and lengths where they differ", () => {
    expect(() => frame("f", { a: numbers([1, 2]), b: strings(["x"]) })).toThrow(
      new FrameError('the fields of a frame need equally many rows, but "a" has 2, "b" has 1'),
    );
  });

  test("holds a field to its promise of a value in every row", () => {
    const values = strings(["x", "y", null], { nullable: false });
    const error = errorOf(() => frame("f", { note: values }));
    expect(error.message).toBe('field "note", row 2: has no value, and the field is not nullable');
    expect([error.field, error.row]).toEqual(["note", 2]);
    expect(errorOf(() => field("note", values.column, { nullable: false })).row).toBe(2);
  });

  test("is frozen, and so is each field", () => {
    const made = frame("f", { a: numbers([1]) });
    expect(Object.isFrozen(made) && made.fields.every(Object.isFrozen)).toBe(true);
  });
});
