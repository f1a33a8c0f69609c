import { describe, expect, test } from "vitest";
import {
  ArrowError,
  booleans,
  decodeArrow,
  encodeArrow,
  encodeJson,
  encodeJsonData,
  type Field,
  FrameError,
  field,
  frame,
  integers,
  numbers,
  stringColumn,
  strings,
  times,
  valuesOf,
} from "../src/index.js";
import { plain } from "./arbitrary-frame.js";

const sample = frame(
  "many types",
  {
    time: times([0, 1_700_000_000_123_456_789n, null, -1n], { interval: 1000 }),
    value: numbers([1.5, Number.NaN, null, Number.NEGATIVE_INFINITY], { unit: "celsius", labels: { city: "Bern" } }),
    count: integers([1, 2n ** 63n - 1n, null, -(2n ** 63n)]),
    note: strings(["", "日本語", null, "x"]),
    ok: booleans([true, false, null, true]),
    id: strings(["a", "b", "c", "d"], { nullable: false }),
  },
  {
    refId: "A",
    meta: {
      type: "timeseries-wide",
      typeVersion: [0, 1],
      notices: [{ severity: "info", text: "hi", inspect: "data" }],
    },
  },
);

describe("encodeArrow", () => {
  test("is a file between two magic words with buffers at multiples of 8", () => {
    const bytes = encodeArrow(sample);
    const text = new TextDecoder().decode(bytes);
    expect(text.startsWith("ARROW1\0\0")).toBe(true);
    expect(text.endsWith("ARROW1")).toBe(true);
    for (const { column } of decodeArrow(bytes).fields) {
      const memory = "bytes" in column ? column.bytes : column.values;
      expect(memory.buffer).toBe(bytes.buffer);
      expect(memory.byteOffset % 8).toBe(0);
    }
  });

  test("refuses a frame put together by hand that does not hold together", () => {
    const three = frame("f", { a: numbers([1, 2, 3]) });
    const uneven = { ...three, fields: [...three.fields, numbers([1], { name: "b" })] };
    for (const encode of [encodeArrow, encodeJson, encodeJsonData]) {
      expect(() => encode(uneven)).toThrow(FrameError);
      expect(() => encode({ ...three, length: 2 })).toThrow(/says that it has 2 rows, but its fields have 3/);
    }
  });

  test("goes by the bitmap, where the count of nulls says otherwise", () => {
    const column = { ...numbers([1, 2]).column, validity: Uint8Array.of(0b10) };
    const made = frame("f", [field("a", column)]);
    expect([...valuesOf(decodeArrow(encodeArrow(made)).fields[0] ?? column)]).toEqual([null, 2]);
    expect(encodeJsonData(made)).toBe('{"data":{"values":[[null,2]]}}');
  });

  test("leaves a Buffer with a checksum as it is, so that it can be read again", () => {
    const file = Buffer.from(encodeArrow(sample, { checksum: true }));
    const before = Buffer.from(file);
    expect(plain(decodeArrow(file))).toEqual(plain(sample));
    expect(plain(decodeArrow(file))).toEqual(plain(sample));
    expect(file.equals(before)).toBe(true);
  });

  test("copies only the rows of a longer array, and only the bytes of a slice of texts", () => {
    const bytes = new TextEncoder().encode("..abcde.....");
    const slice = stringColumn(Int32Array.of(2, 3, 5, 7), bytes);
    const short: Field = field("s", { ...slice, length: 2, offsets: slice.offsets });
    const values = {
      type: "float64",
      length: 2,
      nullCount: 0,
      validity: undefined,
      values: Float64Array.of(1, 2, 3, 4),
    } as const;
    const decoded = decodeArrow(encodeArrow(frame("f", [short, field("v", values)])));
    expect(decoded.fields.map((made) => [...valuesOf(made)])).toEqual([
      ["a", "bc"],
      [1, 2],
    ]);
    const text = decoded.fields[0]?.column;
    expect(text?.type === "string" && [[...text.offsets], text.bytes.length]).toEqual([[0, 1, 3], 3]);
  });

  test("leaves the validity bitmap out where there are no nulls", () => {
    const rows = 800;
    const with1 = encodeArrow(frame("f", { a: numbers(Array.from({ length: rows }, (_, i) => (i === 0 ? null : i))) }));
    const without = encodeArrow(frame("f", { a: numbers(Array.from({ length: rows }, (_, i) => i)) }));
    expect(with1.length - without.length).toBeGreaterThanOrEqual(rows / 8);
  });

  test("refuses a config that Grafana could not read, naming field and member", () => {
    const bad = frame("f", { a: numbers([1], { decimals: 1.5 }) });
    expect(() => encodeArrow(bad)).toThrow(
      new FrameError("config.decimals: 1.5 is not a whole number from 0 to 65535", { field: "a" }),
    );
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect(() => encodeArrow(frame("f", {}, { meta: { custom: cyclic } }))).toThrow(
      /^meta.custom: .* cannot be written as JSON$/,
    );
  });
});

describe("decodeArrow", () => {
  test.each(["", "a", "ab", "abc", "abcde", "ü"])("reads the text %j wherever the bytes begin", (text) => {
    const encoded = encodeArrow(frame("f", { a: strings([text]) }));
    for (let start = 0; start < 8; start++) {
      const bytes = new Uint8Array(encoded.length + start).subarray(start);
      bytes.set(encoded);
      expect(decodeArrow(bytes).fields.map((field) => [...valuesOf(field)])).toEqual([[text]]);
    }
  });

  test("gives back the frame", () => {
    expect(plain(decodeArrow(encodeArrow(sample)))).toEqual(plain(sample));
  });

  test("gives back frames without rows and without fields", () => {
    const empty = [
      frame("no rows", { t: times([]), v: numbers([]), n: integers([]), s: strings([]), b: booleans([]) }),
      frame("no fields", {}),
      frame("", []),
    ];
    for (const made of empty) {
      expect(plain(decodeArrow(encodeArrow(made)))).toEqual(plain(made));
    }
  });

  test("reads bytes at any place in memory", () => {
    const bytes = encodeArrow(sample);
    for (let shift = 0; shift < 8; shift++) {
      const moved = new Uint8Array(bytes.length + 8);
      moved.set(bytes, shift);
      expect(plain(decodeArrow(moved.subarray(shift, shift + bytes.length)))).toEqual(plain(sample));
      // A Buffer's `slice` is a view, where a Uint8Array's is a copy.
      expect(plain(decodeArrow(Buffer.from(moved.buffer, shift, bytes.length)))).toEqual(plain(sample));
    }
  });

  test("reports bytes cut off anywhere as an ArrowError", () => {
    const bytes = encodeArrow(sample);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeArrow(bytes.subarray(0, length)), `the first ${length} bytes`).toThrow(ArrowError);
      expect(() => decodeArrow(bytes.slice(bytes.length - length)), `the last ${length} bytes`).toThrow(ArrowError);
    }
  });

  test.each([
    [new Uint8Array(0), /no Arrow IPC file/],
    [new TextEncoder().encode('{"schema":{}}'), /no Arrow IPC file/],
    [Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x10, 0, 0, 0), /are an Arrow IPC stream/],
    [new TextEncoder().encode("ARROW1\0\0"), /cut off: its 8 bytes do not end with ARROW1/],
    [new TextEncoder().encode("ARROW1\0\0\0\0\0\0ARROW1"), /a footer of 0 bytes/],
  ])("says what is wrong with other bytes (%#)", (bytes, message) => {
    expect(() => decodeArrow(bytes)).toThrow(message);
  });
});
