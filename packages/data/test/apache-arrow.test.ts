import * as apache from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ArrowError,
  decodeArrow,
  encodeArrow,
  type FieldType,
  type Frame,
  type Value,
  valuesOf,
} from "../src/index.js";
import { anyFrame } from "./arbitrary-frame.js";

/** The bytes of a file with the given columns, made by apache-arrow. */
function fileOf(columns: Record<string, apache.Vector>): Uint8Array {
  return apache.tableToIPC(new apache.Table(columns), "file");
}

function vectorOf<T extends apache.DataType>(type: T, values: readonly unknown[]): apache.Vector<T> {
  return apache.vectorFromArray(values, type);
}

function valuesByName(frame: Frame): Record<string, Value[]> {
  return Object.fromEntries(frame.fields.map((field) => [field.name, [...valuesOf(field)]]));
}

describe("apache-arrow reads what encodeArrow writes", () => {
  test("types, nullability, metadata and values of any frame", () => {
    fc.assert(
      fc.property(anyFrame, (made) => {
        // apache-arrow mixes up fields of the same name.
        const fields = made.fields.map((field, index) => ({ ...field, name: `${field.name} ${index}` }));
        const frame = { ...made, fields };
        const table = apache.tableFromIPC(encodeArrow(frame));
        expect(table.schema.metadata.get("name")).toBe(frame.name);
        expect(table.schema.metadata.get("refId")).toBe(frame.refId);
        expect(table.schema.fields.length).toBe(frame.fields.length);
        frame.fields.forEach((field, index) => {
          const theirs = table.schema.fields[index];
          expect(theirs?.name).toBe(field.name);
          expect(theirs?.nullable).toBe(field.nullable);
          expect(String(theirs?.type)).toBe(typeNames[field.column.type]);
          expect(theirs?.metadata.get("tstype")).toBe(frontendTypes[field.column.type] ?? "number");
          const config = theirs?.metadata.get("config");
          expect(config === undefined ? undefined : JSON.parse(config)).toEqual(field.config);
          const labels = theirs?.metadata.get("labels");
          expect(labels === undefined ? undefined : JSON.parse(labels)).toEqual(field.labels);
          expect(rawValues(table.getChildAt(index))).toEqual([...valuesOf(field)]);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("decodeArrow reads what apache-arrow writes", () => {
  test("the types that frames have, with nulls", () => {
    const bytes = fileOf({
      f: vectorOf(new apache.Float64(), [1.5, null, Number.NaN]),
      i: vectorOf(new apache.Int64(), [1n, null, -(2n ** 63n)]),
      s: vectorOf(new apache.Utf8(), ["a", null, "日本語"]),
      b: vectorOf(new apache.Bool(), [true, null, false]),
    });
    expect(valuesByName(decodeArrow(bytes))).toEqual({
      f: [1.5, null, Number.NaN],
      i: [1n, null, -(2n ** 63n)],
      s: ["a", null, "日本語"],
      b: [true, null, false],
    });
  });

  test.each([
    ["second", new apache.TimestampSecond(), 1_000_000_000n],
    ["millisecond", new apache.TimestampMillisecond(), 1_000_000n],
    ["microsecond", new apache.TimestampMicrosecond("Europe/Zurich"), 1000n],
    ["nanosecond", new apache.TimestampNanosecond(), 1n],
  ] as const)("timestamps in units of a %s", (_, type, factor) => {
    const raw = BigInt64Array.of(0n, 1_700_000_000n, -5n);
    const vector = apache.makeVector(apache.makeData({ type, length: 3, data: raw, nullCount: 0 }));
    expect(valuesByName(decodeArrow(fileOf({ t: vector })))).toEqual({ t: [...raw].map((value) => value * factor) });
  });

  test("a time that nanoseconds cannot hold is an error naming field and row", () => {
    const data = BigInt64Array.of(0n, 253_402_300_799n);
    const vector = apache.makeVector(
      apache.makeData({ type: new apache.TimestampSecond(), length: 2, data, nullCount: 0 }),
    );
    expect(() => decodeArrow(fileOf({ t: vector }))).toThrow(
      new ArrowError('field "t", row 1: the time is outside the years 1677 to 2262 that nanoseconds can hold'),
    );
  });

  test("several record batches become one column", () => {
    const parts: Value[][][] = [
      [
        ["a", null, "ccc"],
        [1, null, 3],
        [true, false, null],
        [1n, null, 3n],
      ],
      [
        ["", "€"],
        [4, 5],
        [true, true],
        [4n, 5n],
      ],
      [[], [], [], []],
      [[null], [null], [null], [null]],
    ];
    const schema = new apache.Schema([
      new apache.Field("s", new apache.Utf8(), true),
      new apache.Field("f", new apache.Float64(), true),
      new apache.Field("b", new apache.Bool(), true),
      new apache.Field("i", new apache.Int64(), true),
    ]);
    const batches = parts.map((columns) => {
      const children = schema.fields.map(({ type }, index) => {
        const [data] = vectorOf(type, columns[index] ?? []).data;
        return data ?? apache.makeData({ type, length: 0 });
      });
      const length = columns[0]?.length ?? 0;
      return new apache.RecordBatch(
        schema,
        apache.makeData({ type: new apache.Struct(schema.fields), length, children, nullCount: 0 }),
      );
    });
    const bytes = apache.tableToIPC(new apache.Table(schema, batches), "file");
    const joined = [0, 1, 2, 3].map((index) => parts.flatMap((columns) => columns[index] ?? []));
    const decoded = decodeArrow(bytes);
    expect(valuesByName(decoded)).toEqual({ s: joined[0], f: joined[1], b: joined[2], i: joined[3] });
    expect(decoded.fields.map(({ column }) => column.nullCount)).toEqual([2, 2, 2, 2]);
  });

  test("a slice of a longer table", () => {
    const values = Array.from({ length: 40 }, (_, i) => (i % 7 === 0 ? null : `row ${i}`));
    const flags = values.map((value, i) => (value === null ? null : i % 2 === 0));
    const table = new apache.Table({
      s: vectorOf(new apache.Utf8(), values),
      b: vectorOf(new apache.Bool(), flags),
    }).slice(5, 30);
    expect(valuesByName(decodeArrow(apache.tableToIPC(table, "file")))).toEqual({
      s: values.slice(5, 30),
      b: flags.slice(5, 30),
    });
  });

  test("dates of days and of milliseconds", () => {
    const days = apache.makeData({
      type: new apache.DateDay(),
      length: 2,
      data: Int32Array.of(19_723, -1),
      nullCount: 0,
    });
    const ms = BigInt64Array.of(1_700_000_000_123n, -1n);
    const milliseconds = apache.makeData({ type: new apache.DateMillisecond(), length: 2, data: ms, nullCount: 0 });
    const bytes = fileOf({ d: apache.makeVector(days), m: apache.makeVector(milliseconds) });
    expect(valuesByName(decodeArrow(bytes))).toEqual({
      d: [1_704_067_200_000_000_000n, -86_400_000_000_000n],
      m: [...ms].map((value) => value * 1_000_000n),
    });
  });

  test.each([new apache.Int8(), new apache.Uint16(), new apache.Int32()])("a dictionary by places of %s", (places) => {
    const values = ["low", "high", null, "low", "", "high"];
    const bytes = fileOf({ x: vectorOf(new apache.Dictionary(new apache.Utf8(), places), values) });
    const decoded = decodeArrow(bytes);
    expect(valuesByName(decoded)).toEqual({ x: values });
    expect(decoded.fields[0]?.column.type).toBe("string");
  });

  test("texts and bytes with offsets of 64 bits", () => {
    const texts = ["a", null, "日本語"];
    const bytes = fileOf({
      t: vectorOf(new apache.LargeUtf8(), texts),
      j: vectorOf(
        new apache.LargeBinary(),
        ["{}", null, "[1]"].map((text) => (text === null ? null : new TextEncoder().encode(text))),
      ),
    });
    expect(valuesByName(decodeArrow(bytes))).toEqual({ t: texts, j: ["{}", null, "[1]"] });
  });

  test.each([
    [new apache.Float16(), [1], 'field "x": the Arrow type FloatingPoint, float16 has no counterpart in a frame'],
    [
      new apache.List(new apache.Field("item", new apache.Utf8())),
      [["a"]],
      'field "x": the Arrow type List has no counterpart in a frame',
    ],
  ])("a field of another type is an error that names it (%#)", (type, values, message) => {
    const bytes = fileOf({ x: vectorOf<apache.DataType>(type, values) });
    expect(() => decodeArrow(bytes)).toThrow(ArrowError);
    expect(() => decodeArrow(bytes)).toThrow(message);
  });

  test("metadata of schema and fields", () => {
    const field = new apache.Field(
      "v",
      new apache.Float64(),
      false,
      new Map([
        ["labels", '{"host":"a"}'],
        ["config", '{"unit":"ms","decimals":2,"min":null,"unknown":1}'],
      ]),
    );
    const metadata = new Map([
      ["name", "n"],
      ["refId", "B"],
      ["meta", '{"type":"table","typeVersion":[0,1],"notices":[{"severity":"warning","text":"t","inspect":2}]}'],
    ]);
    const schema = new apache.Schema([field], metadata);
    const [child] = vectorOf(new apache.Float64(), [1, 2]).data;
    const children = child === undefined ? [] : [child];
    const batch = new apache.RecordBatch(
      schema,
      apache.makeData({ type: new apache.Struct([field]), length: 2, children, nullCount: 0 }),
    );
    const decoded = decodeArrow(apache.tableToIPC(new apache.Table(schema, [batch]), "file"));
    expect(decoded).toMatchObject({
      name: "n",
      refId: "B",
      meta: { type: "table", typeVersion: [0, 1], notices: [{ severity: "warning", text: "t", inspect: "error" }] },
    });
    expect(decoded.fields[0]).toMatchObject({ nullable: false, labels: { host: "a" } });
    expect(decoded.fields[0]?.config).toEqual({ unit: "ms", decimals: 2, min: Number.NEGATIVE_INFINITY });
  });

  test.each([
    ["meta", "{", 'the frame: the metadata "meta" is not valid JSON'],
    [
      "meta",
      '{"notices":[{"severity":"loud","text":""}]}',
      'the frame: meta.notices[0].severity: "loud" is none of info, warning, error',
    ],
  ])("damaged metadata is an error that names it", (key, value, message) => {
    const table = new apache.Table(new apache.Schema([], new Map([[key, value]])));
    expect(() => decodeArrow(apache.tableToIPC(table, "file"))).toThrow(new ArrowError(message));
  });
});

const typeNames: Readonly<Record<FieldType, string>> = {
  int8: "Int8",
  int16: "Int16",
  int32: "Int32",
  int64: "Int64",
  uint8: "Uint8",
  uint16: "Uint16",
  uint32: "Uint32",
  uint64: "Uint64",
  float32: "Float32",
  float64: "Float64",
  time: "Timestamp<NANOSECOND>",
  enum: "Uint16",
  string: "Utf8",
  boolean: "Bool",
  json: "Binary",
};

/** What Grafana calls types that are not numbers; all others are. */
const frontendTypes: Readonly<Partial<Record<FieldType, string>>> = {
  time: "time",
  enum: "enum",
  string: "string",
  boolean: "boolean",
  json: "other",
};

/** Values as they stand in memory: apache-arrow turns nanoseconds into rounded milliseconds otherwise. */
function rawValues(vector: apache.Vector | null): unknown[] {
  if (vector === null) {
    return [];
  }
  if (apache.DataType.isBinary(vector.type)) {
    return [...vector].map((bytes) => (bytes === null ? null : new TextDecoder().decode(bytes)));
  }
  if (!apache.DataType.isTimestamp(vector.type)) {
    return [...vector];
  }
  return vector.data.flatMap((data) => {
    const values: BigInt64Array = data.values;
    return Array.from({ length: data.length }, (_, row) => (data.getValid(row) ? values[row] : null));
  });
}
