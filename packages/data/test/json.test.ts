import { describe, expect, test } from "vitest";
import {
  booleans,
  decodeJson,
  encodeJson,
  type Field,
  type FieldConfig,
  FrameError,
  type FrameMeta,
  field,
  frame,
  integers,
  jsonColumn,
  numbers,
  strings,
  times,
  valuesOf,
} from "../src/index.js";

// What the Go SDK writes for the same frames; the values are those of its own test frame with every type:
// https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/testdata/all_types.golden.json
const all = { nullable: false } as const;

describe("encodeJson", () => {
  test("writes schema and data in the order of the Go SDK", () => {
    const made = frame(
      "many_types",
      {
        string_values: strings(["Go Min", "0 / nil / misc"], { ...all, labels: { aLabelKey: "aLabelValue" } }),
        nullable_string_values: strings(["❤️", null], {
          labels: { bLabelKey: "bLabelValue", aLabelKey: "aLabelValue" },
          noValue: "😤",
          links: [{ title: "Donate", targetBlank: true, url: "https://example.org/" }],
          max: Number.POSITIVE_INFINITY,
          min: Number.NaN,
          decimals: 2,
          filterable: false,
          displayName: "Grafana ❤️",
        }),
        bool_values: booleans([true, false], all),
        timestamps: times([0n, 1_568_039_450_000_000_000n], { ...all, interval: 1000 }),
      },
      {
        refId: "A",
        meta: {
          custom: { Hi: "there" },
          stats: [{ displayName: "sample", value: 1.234 }],
          channel: "sample/channel/name",
          executedQueryString: "SELECT * FROM table",
        },
      },
    );
    expect(encodeJson(made)).toBe(
      '{"schema":{"name":"many_types","refId":"A","meta":{"typeVersion":[0,0],"custom":{"Hi":"there"},' +
        '"stats":[{"displayName":"sample","value":1.234}],"channel":"sample/channel/name",' +
        '"executedQueryString":"SELECT * FROM table"},"fields":[' +
        '{"name":"string_values","type":"string","typeInfo":{"frame":"string"},"labels":{"aLabelKey":"aLabelValue"}},' +
        '{"name":"nullable_string_values","type":"string","typeInfo":{"frame":"string","nullable":true},' +
        '"labels":{"aLabelKey":"aLabelValue","bLabelKey":"bLabelValue"},"config":{"displayName":"Grafana ❤️",' +
        '"filterable":false,"decimals":2,"min":null,"max":null,' +
        '"links":[{"title":"Donate","targetBlank":true,"url":"https://example.org/"}],"noValue":"😤"}},' +
        '{"name":"bool_values","type":"boolean","typeInfo":{"frame":"bool"}},' +
        '{"name":"timestamps","type":"time","typeInfo":{"frame":"time.Time"},"config":{"interval":1000}}]},' +
        '"data":{"values":[["Go Min","0 / nil / misc"],["❤️",null],[true,false],[0,1568039450000]]}}',
    );
  });

  test("leaves out empty names and the refId, but never the fields", () => {
    expect(encodeJson(frame("", []))).toBe('{"schema":{"fields":[]},"data":{"values":[]}}');
    expect(encodeJson(frame("", [numbers([])]))).toBe(
      '{"schema":{"fields":[{"type":"number","typeInfo":{"frame":"float64","nullable":true}}]},"data":{"values":[[]]}}',
    );
  });

  test("writes int64 with all digits", () => {
    const values = [-(2n ** 63n), -9007199254740991n, null, 9007199254740991n, 2n ** 63n - 1n];
    expect(dataOf(integers(values))).toBe(
      '{"values":[[-9223372036854775808,-9007199254740991,null,9007199254740991,9223372036854775807]]}',
    );
  });

  test("writes floats so that they read back as they were", () => {
    const values = [5e-324, -9007199254740991, 0.1, -0, 1e21, 1e-7, 123456789.125, 1.7976931348623157e308];
    const json = dataOf(numbers(values));
    expect(JSON.parse(json)).toEqual({ values: [values] });
    expect(json).toContain(",-0,");
    expect(json).toContain(",1e-07,");
  });

  test("keeps documents whose number no float64 can hold, which Go drops", () => {
    const documents = jsonColumn(Int32Array.of(0, 5, 13), new TextEncoder().encode("1e400[-1e400]"));
    expect(dataOf(field("d", documents))).toBe('{"values":[[1e400,[-1e400]]]}');
  });

  test("puts NaN and the infinities beside the values", () => {
    const plain = strings(Array<string>(5).fill("x"));
    const special = numbers([Number.NEGATIVE_INFINITY, Number.NaN, 0, Number.NaN, Number.POSITIVE_INFINITY]);
    const nullable = numbers([null, 0, null, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(dataOf(plain, special, nullable)).toBe(
      '{"values":[["x","x","x","x","x"],[null,null,0,null,null],[null,0,null,null,null]],' +
        '"entities":[null,{"NaN":[1,3],"Inf":[4],"NegInf":[0]},{"NaN":[3],"Inf":[4]}]}',
    );
  });

  test("puts nanoseconds beside milliseconds that are rounded down", () => {
    const values = [0n, 1_568_039_445_000_000_000n, null, 9_007_199_254_740_991n, 2n ** 63n - 1n, -1n, -(2n ** 63n)];
    expect(dataOf(numbers([1, 2, 3, 4, 5, 6, 7]), times(values))).toBe(
      '{"values":[[1,2,3,4,5,6,7],[0,1568039445000,null,9007199254,9223372036854,-1,-9223372036855]],' +
        '"nanos":[null,[0,0,0,740991,775807,999999,224192]]}',
    );
  });

  test("writes neither for times and floats that need none", () => {
    expect(dataOf(times([0, 1]), numbers([1, null]))).toBe('{"values":[[0,1],[1,null]]}');
  });

  test("writes every member of a config as Go does, and nothing that is empty", () => {
    const config: Required<FieldConfig> = {
      custom: { z: 1, a: [null] },
      type: { enum: { text: ["", "ONE"], color: ["", "red"], icon: [], description: ["off", "on"] } },
      noValue: "-",
      links: [
        {
          url: "",
          targetBlank: false,
          internal: {
            query: { expr: "up" },
            datasourceUid: "u",
            datasourceName: "",
            transformations: [{ type: "regex", field: "f", expression: "(.*)" }],
            timeRange: { from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z" },
          },
        },
      ],
      color: { mode: "fixed" },
      thresholds: {
        steps: [
          { value: Number.NEGATIVE_INFINITY, color: "green" },
          { value: 80, color: "red", state: "" },
        ],
        mode: "absolute",
      },
      mappings: [
        { type: "value", options: { "1": { text: "on", index: 0 }, "0": { text: "off", color: "red", index: 1 } } },
        { type: "range", options: { from: 1, result: { text: "some" } } },
        { type: "special", options: { match: "null+nan", result: { text: "none" } } },
      ],
      interval: 1000,
      max: 100,
      min: 0,
      decimals: 0,
      unit: "ms",
      writeable: true,
      filterable: true,
      description: "d",
      path: "p",
      displayNameFromDS: "ds",
      displayName: "dn",
    };
    expect(configOf(numbers([], config))).toBe(
      '{"displayName":"dn","displayNameFromDS":"ds","path":"p","description":"d","filterable":true,"writeable":true,' +
        '"unit":"ms","decimals":0,"min":0,"max":100,"interval":1000,"mappings":[' +
        '{"type":"value","options":{"0":{"text":"off","color":"red","index":1},"1":{"text":"on"}}},' +
        '{"type":"range","options":{"from":1,"result":{"text":"some"}}},' +
        '{"type":"special","options":{"match":"null+nan","result":{"text":"none"}}}],' +
        '"thresholds":{"mode":"absolute","steps":[{"value":null,"color":"green"},{"value":80,"color":"red"}]},' +
        '"color":{"mode":"fixed"},"links":[{"internal":{"query":{"expr":"up"},"datasourceUid":"u",' +
        '"transformations":[{"type":"regex","field":"f","expression":"(.*)"}],' +
        '"timeRange":{"from":"2024-01-01T00:00:00Z","to":"2024-01-02T00:00:00Z"}}}],"noValue":"-",' +
        '"type":{"enum":{"text":["","ONE"],"color":["","red"],"description":["off","on"]}},"custom":{"a":[null],"z":1}}',
    );
    const empty = { unit: "", interval: 0, mappings: [], links: [], color: {}, custom: {}, description: "" };
    expect(configOf(numbers([], empty))).toBe("{}");
  });

  test("writes a document with millions of escapes", () => {
    const document = JSON.stringify("\\n".repeat(5_000_000));
    const json = encodeJson(
      frame("f", [field("j", jsonColumn(Int32Array.of(0, document.length), Buffer.from(document)))]),
    );
    expect(json.length).toBeGreaterThan(document.length);
  });

  test("refuses a document that is no JSON, naming field and row", () => {
    const broken = jsonColumn(Int32Array.of(0, 2, 4), new TextEncoder().encode('{}{"'));
    expect(() => encodeJson(frame("f", [field("j", broken)]))).toThrow(
      new FrameError("is no valid JSON", { field: "j", row: 1 }),
    );
  });

  test.each([
    ["1700000000000000", /outside the years 1677 to 2262/],
    ["-170000000000000", /outside the years 1677 to 2262/],
  ])("reads %s as milliseconds, however long it is", (token, message) => {
    const json = `{"schema":{"fields":[{"type":"time"}]},"data":{"values":[[${token}]]}}`;
    expect(() => decodeJson(json)).toThrow(message);
  });

  test("takes NaN and the infinities from beside the values, whatever stands among them", () => {
    const json =
      '{"schema":{"fields":[{"type":"number"}]},"data":{"values":[[5,null]],"entities":[{"NaN":[0],"Inf":[1]}]}}';
    const { fields } = decodeJson(json);
    expect(fields.flatMap((made) => [...valuesOf(made)])).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });

  test("writes a limit that is no finite number as null, and reads that as an open end", () => {
    const json = encodeJson(frame("f", [numbers([], { min: Number.NaN, max: Number.NEGATIVE_INFINITY })]));
    const [read] = decodeJson(json).fields;
    expect(read?.config).toEqual({ min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY });
    expect(read && configOf(read)).toBe('{"min":null,"max":null}');
  });

  test("free-form texts and numbers that are objects are written as JSON has them", () => {
    const custom = [Object("a"), Object("=b"), Object("-0"), Object(-0), Object(1.5), "-0", "=", -0];
    expect(metaOf({ custom })).toBe('{"typeVersion":[0,0],"custom":["a","=b","-0",-0,1.5,"-0","=",-0]}');
  });

  test("writes every member of a meta as Go does", () => {
    const meta: Required<FrameMeta> = {
      uniqueRowIdFields: [0, 2],
      dataTopic: "annotations",
      executedQueryString: "q",
      preferredVisualisationPluginId: "id",
      preferredVisualisationType: "logs",
      channel: "c",
      notices: [
        { text: "careful", severity: "warning", link: "https://example.org", inspect: "stats" },
        { text: "", severity: "info" },
      ],
      stats: [{ value: 3, unit: "ms", displayName: "took" }],
      custom: [1],
      pathSeparator: "/",
      path: "a/b",
      typeVersion: [0, 1],
      type: "log-lines",
    };
    expect(metaOf(meta)).toBe(
      '{"type":"log-lines","typeVersion":[0,1],"path":"a/b","pathSeparator":"/","custom":[1],' +
        '"stats":[{"displayName":"took","unit":"ms","value":3}],' +
        '"notices":[{"severity":"warning","text":"careful","link":"https://example.org","inspect":4},{"severity":"info","text":""}],' +
        '"channel":"c","preferredVisualisationType":"logs","preferredVisualisationPluginId":"id",' +
        '"executedQueryString":"q","dataTopic":"annotations","uniqueRowIdFields":[0,2]}',
    );
    expect(metaOf({})).toBe('{"typeVersion":[0,0]}');
  });

  test.each<[unknown, string]>([
    [{ decimals: -1 }, 'field "v": config.decimals: -1 is not a whole number from 0 to 65535'],
    [{ unit: 1 }, 'field "v": config.unit: 1 is not a text'],
    [
      { thresholds: { mode: "abs", steps: [] } },
      'field "v": config.thresholds.mode: "abs" is none of absolute, percentage',
    ],
    [
      { mappings: [{ type: "other", options: {} }] },
      'field "v": config.mappings[0].type: "other" is none of value, range, special',
    ],
    [{ mappings: [{ type: "value" }] }, 'field "v": config.mappings[0].options: is missing'],
    [{ links: "x" }, 'field "v": config.links: "x" is not a list'],
    [
      { custom: { big: 1n } },
      'field "v": config.custom: a bigint or an object within itself cannot be written as JSON',
    ],
  ])("names field and member of a config that Grafana could not read (%#)", (config, message) => {
    const made = frame("f", { v: numbers([1], config as FieldConfig) });
    expect(() => encodeJson(made)).toThrow(FrameError);
    expect(() => encodeJson(made)).toThrow(message);
  });
});

function dataOf(...fields: readonly Field[]): string {
  const json = encodeJson(frame("f", fields));
  return json.slice(json.indexOf('"data":') + '"data":'.length, -1);
}

function configOf(field: Field): string {
  const json = encodeJson(frame("f", [field]));
  return json.slice(json.indexOf('"config":') + '"config":'.length, json.indexOf('}]},"data":'));
}

function metaOf(meta: FrameMeta): string {
  const json = encodeJson(frame("f", [], { meta }));
  return json.slice(json.indexOf('"meta":') + '"meta":'.length, json.indexOf(',"fields":'));
}
