import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  booleans,
  enums,
  type FieldConfig,
  type FrameMeta,
  fieldOf,
  frame,
  integers,
  json,
  jsonColumn,
  field as makeField,
  numbers,
  strings,
  times,
  valuesOf,
} from "../src/index.js";
import { GoldenError, goldenText, parseGolden } from "../src/testing/index.js";
import { anyFrame, plain } from "./arbitrary-frame.js";

const weather = frame(
  "weather",
  {
    time: times([new Date("2024-07-01T12:00:00Z"), new Date("2024-07-01T13:00:00Z")], { nullable: false }),
    temperature: numbers([21.5, null], { unit: "celsius", decimals: 1, labels: { city: "Bern" } }),
    sky: strings(["clear", "日本"]),
    state: enums(["ok", null]),
  },
  {
    refId: "A",
    meta: { type: "timeseries-wide", typeVersion: [0, 1], notices: [{ severity: "info", text: "a < b" }] },
  },
);

const weatherText = `frame "weather"
refId "A"
meta.type "timeseries-wide"
meta.typeVersion [0, 1]
meta.notices [{"severity": "info", "text": "a < b"}]
field "time" time
field "temperature" float64?
  labels {"city": "Bern"}
  config.unit "celsius"
  config.decimals 1
field "sky" string?
field "state" enum?
  config.type {"enum": {"text": ["ok"]}}

| "time"               | "temperature" | "sky"   | "state" |
|----------------------|---------------|---------|---------|
| 2024-07-01T12:00:00Z |          21.5 | "clear" | "ok"    |
| 2024-07-01T13:00:00Z |          null | "日本"  | null    |
2 rows
`;

/** The cells of the only field of a golden text. */
function cells(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.slice(1, -1).trim());
}

describe("goldenText", () => {
  test("is a table for a person, below what is said of frame and fields", () => {
    expect(goldenText(weather)).toBe(weatherText);
  });

  test("is what a golden file holds, with vitest's own means", async () => {
    await expect(goldenText(weather)).toMatchFileSnapshot("./fixtures/weather.golden.txt");
  });

  test("has frames one below the other", () => {
    const empty = frame("empty", []);
    expect(goldenText([empty, frame("", { a: numbers([1]) })])).toBe(
      'frame "empty"\n0 rows\n\nframe ""\nfield "a" float64?\n\n| "a" |\n|-----|\n|   1 |\n1 row\n',
    );
    expect(goldenText([])).toBe("no frames\n");
    expect(parseGolden(goldenText([]))).toEqual([]);
  });

  test("tells texts, the text null and rows without a value apart, and shows what cannot be seen", () => {
    const values = [
      "",
      null,
      "null",
      " a ",
      "two\nlines\r\n",
      'a "b" | c',
      "\\",
      "\u0000\u009b\u2028\u00a0\u200b\ufeff",
      "👩‍👧",
      "e\u0301",
    ];
    const text = goldenText(frame("f", { s: strings(values) }));
    expect(cells(text)).toEqual([
      '""',
      "null",
      '"null"',
      '" a "',
      '"two\\nlines\\r\\n"',
      '"a \\"b\\" | c"',
      '"\\\\"',
      '"\\u0000\\u009b\\u2028\\u00a0\\u200b\\ufeff"',
      '"👩‍👧"',
      '"e\u0301"',
    ]);
    expect(parseGolden(text).map(({ fields }) => fields.map((field) => [...valuesOf(field)]))).toEqual([[values]]);
  });

  test.each([
    [
      "float64",
      [0.1, -0, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308],
      ["0.1", "-0", "NaN", "Infinity", "-Infinity", "5e-324", "1.7976931348623157e+308"],
    ],
    ["float32", [0.1, -0, 16_777_216, 1e-45].map(Math.fround), ["0.1", "-0", "16777216", "1e-45"]],
    ["int64", [2n ** 63n - 1n, -(2n ** 63n)], ["9223372036854775807", "-9223372036854775808"]],
    ["uint64", [2n ** 64n - 1n, 0n], ["18446744073709551615", "0"]],
    ["int8", [-128, 127], ["-128", "127"]],
    ["uint32", [4_294_967_295], ["4294967295"]],
    ["boolean", [true, false, null], ["true", "false", "null"]],
    [
      "time",
      [-(2n ** 63n), 2n ** 63n - 1n, 0n],
      ["1677-09-21T00:12:43.145224192Z", "2262-04-11T23:47:16.854775807Z", "1970-01-01T00:00:00.000000000Z"],
    ],
    ["time", [1_000_000n, null], ["1970-01-01T00:00:00.001Z", "null"]],
  ] as const)("writes each %s exactly", (type, values, texts) => {
    const made = frame("f", { v: fieldOf(type, values) });
    const text = goldenText(made);
    expect(cells(text)).toEqual(texts);
    expect(parseGolden(text).map((one) => plain(one))).toEqual([plain(made)]);
  });

  test("shows an enum's text where it is its own, else its place", () => {
    const text = goldenText(
      frame("f", { v: fieldOf("enum", [0, 1, 2, 3, null], { type: { enum: { text: ["a", "b", "a"] } } }) }),
    );
    expect(cells(text)).toEqual(['"a"', '"b"', "2", "3", "null"]);
    expect(parseGolden(text).flatMap(({ fields }) => fields.map((field) => [...valuesOf(field)]))).toEqual([
      [0, 1, 2, 3, null],
    ]);
  });

  test("shows JSON as it is, and in quotes where it would not be seen as it is", () => {
    const documents = [
      '{"a": [1, "|"]}',
      '"text"',
      "null",
      " 1",
      "[\n]",
      'not " JSON | at all',
      "",
      '"\u00a0"',
      "1e400",
    ];
    const encoded = documents.map((document) => new TextEncoder().encode(document));
    const bytes = Uint8Array.from(encoded.flatMap((each) => [...each]));
    const offsets = new Int32Array(documents.length + 2).fill(bytes.length);
    offsets[0] = 0;
    encoded.slice(0, -1).forEach((each, index) => {
      offsets[index + 1] = (offsets[index] ?? 0) + each.length;
    });
    const validity = Uint8Array.of(0xff, 0x01);
    const made = frame("f", [makeField("v", jsonColumn(offsets, bytes, validity))]);
    const text = goldenText(made);
    expect(cells(text)).toEqual([
      '{"a": [1, "|"]}',
      '"text"',
      'text "null"',
      'text " 1"',
      'text "[\\n]"',
      'text "not \\" JSON | at all"',
      'text ""',
      'text "\\"\\u00a0\\""',
      "1e400",
      "null",
    ]);
    expect(parseGolden(text).map((one) => plain(one))).toEqual([plain(made)]);
  });

  test("keeps names, labels, config and meta", () => {
    const config: FieldConfig = {
      displayName: 'a\n"b"',
      min: -0,
      max: Infinity,
      thresholds: { mode: "absolute", steps: [{ value: -Infinity, color: "green" }, { value: 1e6 }] },
      mappings: [{ type: "value", options: { "1": { text: "<one> & \\u003c", index: 2 } } }],
      links: [{ title: "t", url: "https://example.org/?a=1&b=2", targetBlank: true }],
      custom: { a: { b: [null, 0.5] } },
    };
    const meta: FrameMeta = {
      typeVersion: [0, 0],
      custom: { x: null },
      stats: [{ displayName: "n", value: 1.5, unit: "ms" }],
    };
    const made = frame(
      "a | b",
      [
        numbers([], { ...config, name: "x\u2028|", labels: { "": "v", 'q"': "\u0000" } }),
        booleans([], { name: "", labels: {} }),
      ],
      { meta },
    );
    const [read] = parseGolden(goldenText(made));
    expect(read && plain(read)).toEqual(plain(made));
  });

  test("survives being read again, whatever the frames", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 2 }), (frames) => {
        const text = goldenText(frames);
        const read = parseGolden(text);
        expect(read.map((one) => plain(one))).toEqual(frames.map((one) => plain(one)));
        expect(goldenText(read)).toBe(text);
      }),
    );
  }, 20_000);
});

describe("parseGolden", () => {
  test("does not care for alignment, empty lines and kinds of line breaks", () => {
    const edited = weatherText.replaceAll("\n", "\r\n\r\n").replaceAll(" | ", "|").replaceAll("  config", "config");
    expect(parseGolden(`\ufeff${edited}`).map((one) => plain(one))).toEqual([plain(weather)]);
  });

  test.each([
    ["", 1, 'the text ends where frame "<name>" should be'],
    ["frames\n", 1, 'frames has not the form frame "<name>"'],
    ['no frames\n\nframe "a"\n0 rows', 3, 'frame "a" stands where the end should be'],
    ['frame "a\\q"\n0 rows', 1, '"a\\q" is no text in quotes'],
    ['frame "a"\nrefId A\n0 rows', 2, 'refId A has not the form refId "<refId>"'],
    ['frame "a"\n', 2, "the text ends where <number> rows should be"],
    ['frame "a"\nfield "b" int9?', 2, "int9 is no type of a field"],
    ['frame "a"\nmeta.type "x"\nmeta.type "y"\n0 rows', 3, "meta.type stands there twice"],
    ['frame "a"\nmeta.tpye "x"\n0 rows', 2, "meta.tpye is unknown or empty"],
    ['frame "a"\nmeta.type x\n0 rows', 2, "x is no JSON"],
    ['frame "a"\nmeta.typeVersion [1]\n0 rows', 2, "meta.typeVersion: a version is two numbers, such as [0, 1]"],
    ['frame "a"\nfield "b" int8\nlabels {"a": 1}', 3, "labels.a: 1 is not a text"],
    ['frame "a"\nfield "b" int8\nconfig.decimals 1.5', 3, "config.decimals: 1.5 is not a whole number from 0 to 65535"],
    ['frame "a"\nfield "b" int8\n1 row', 3, "1 row stands where | <cell> | <cell> | should be"],
    ['frame "a"\nfield "b" int8\n| "c" |\n|---|\n0 rows', 3, "the names above the rows are not those of the fields"],
    ['frame "a"\nfield "b" int8\n| "b" |\n| 1 |\n1 row', 4, "| 1 | stands where |---|---| should be"],
    ['frame "a"\nfield "b" int8\n| "b" |\n|---|\n| 1 | 2 |\n1 row', 5, "there are 2 cells for 1 fields"],
    ['frame "a"\nfield "b" int8\n| "b" |\n|---|\n| 1\n1 row', 5, "| 1 has not the form | <cell> | <cell> |"],
    ['frame "a"\nfield "b" int8\n| "b" |\n|---|\n| 1 |\n2 rows', 6, "there are 1 rows above, not 2"],
    ['frame "a"\nfield "b" int8\n| "b" |\n|---|\n| 1 |\n', 6, "the text ends where <number> rows should be"],
    [
      'frame "a"\nfield "b" int8\n| "b" |\n|---|\n| null |\n1 row',
      5,
      'field "b", row 0: has no value, and the field is not nullable',
    ],
    [
      'frame "a"\nfield "b" int8\n| "b" |\n|---|\n| 128 |\n1 row',
      5,
      'field "b", row 0: 128 does not fit int8, which reaches from -128 to 127',
    ],
    [
      'frame "a"\nfield "b" float64\n| "b" |\n|---|\n| "1" |\n1 row',
      5,
      'field "b", row 0: "1" is no cell of type float64',
    ],
    ['frame "a"\nfield "b" time\n| "b" |\n|---|\n| 0 |\n1 row', 5, 'field "b", row 0: 0 is no cell of type time'],
    ['frame "a"\nfield "b" string\n| "b" |\n|---|\n| x |\n1 row', 5, 'field "b", row 0: x is no cell of type string'],
    ['frame "a"\nfield "b" json\n| "b" |\n|---|\n| {a} |\n1 row', 5, 'field "b", row 0: {a} is no cell of type json'],
    ['frame "a"\nfield "b" enum\n| "b" |\n|---|\n| "x" |\n1 row', 5, 'field "b", row 0: "x" is no cell of type enum'],
    ['frame "a"\n0 rows\nrest', 3, 'rest stands where frame "<name>" should be'],
  ])("names the line of what is wrong (%#)", (text, line, problem) => {
    let error: unknown;
    try {
      parseGolden(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(GoldenError);
    expect(error).toMatchObject({ line, message: `line ${line}: ${problem}` });
  });

  test("gives an error that names a line, or frames, for any damaged text", () => {
    fc.assert(
      fc.property(fc.nat(weatherText.length), fc.nat(20), fc.string({ maxLength: 5 }), (at, cut, text) => {
        const damaged = weatherText.slice(0, at) + text + weatherText.slice(at + cut);
        try {
          expect(goldenText(parseGolden(damaged))).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(GoldenError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("reads integers and JSON of which not a digit is lost", () => {
    const made = frame("f", { i: integers([9007199254740993n]), j: json([{ a: "1" }]) });
    expect(parseGolden(goldenText(made)).map((one) => plain(one))).toEqual([plain(made)]);
  });
});
