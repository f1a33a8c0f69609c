import {
  alertProblem,
  booleans,
  enums,
  type Field,
  type Frame,
  fieldOf,
  frame,
  integers,
  json,
  numbers,
  strings,
  times,
  typeOf,
  type Value,
  valuesOf,
} from "@framewright/data";
import { describe, expect, test } from "vitest";
import { DownstreamError } from "../../src/errors.js";
import { mysql, type ShapeOptions, shapeResult } from "../../src/sql/index.js";

const ms = (iso: string) => Date.parse(iso);
const ns = (iso: string) => BigInt(ms(iso)) * 1_000_000n;
const timeRange = { from: new Date("2023-12-24T14:15:00Z"), to: new Date("2023-12-24T14:45:00Z") };

function shape(fields: readonly Field[], options: Partial<ShapeOptions> = {}): Frame {
  const result = frame("", fields, { refId: "A", meta: { notices: [{ severity: "info", text: "kept" }] } });
  return shapeResult(result, { format: "time_series", timeRange, sql: "SELECT", ...options });
}

/** Fields as name, labels, type, and values, times in ISO 8601. */
function rowsOf({ fields }: Frame): [string, object | undefined, string, (Value | string)[]][] {
  return fields.map((field) => [
    field.name,
    field.labels,
    `${typeOf(field)}${field.nullable ? "?" : ""}`,
    [...valuesOf(field)].map((value) =>
      typeof value === "bigint" && typeOf(field) === "time"
        ? new Date(Number(value / 1_000_000n)).toISOString().replace(".000Z", "Z")
        : value,
    ),
  ]);
}

/** What Grafana's own data source has to answer for these rows: pkg/tsdb/grafana-postgresql-datasource/testdata/time_series. */
describe("time series as Grafana's own data sources shape them", () => {
  /** `$__timeGroup("time", 5m)`, c, avg(v), of its test of filling. */
  const grouped = [
    numbers([1703427600, 1703427600, 1703428500, 1703428500], { name: "time" }),
    strings(["a", "b", "a", "b"], { name: "c" }),
    numbers([15, 115, 50, 150], { name: "v" }),
  ];
  const filledTimes = [0, 5, 10, 15, 20, 25, 30].map((minute) => `2023-12-24T14:${15 + minute}:00Z`);

  test.each([
    ["null", { fill: "null" }, [null, 15, null, null, 50, null, null], [null, 115, null, null, 150, null, null]],
    ["previous", { fill: "previous" }, [null, 15, 15, 15, 50, 50, 50], [null, 115, 115, 115, 150, 150, 150]],
    ["value", { fill: { value: 42 } }, [42, 15, 42, 42, 50, 42, 42], [42, 115, 42, 42, 150, 42, 42]],
  ] as const)("fill %s", (_, { fill }, a, b) => {
    const made = shape(grouped, { fill: { fill, interval: 300_000_000_000n } });
    expect(rowsOf(made)).toEqual([
      ["Time", undefined, "time", filledTimes],
      ["v", { c: "a" }, "float64?", a],
      ["v", { c: "b" }, "float64?", b],
    ]);
    expect(made).toMatchObject({
      refId: "A",
      meta: { type: "timeseries-wide", typeVersion: [0, 1], executedQueryString: "SELECT" },
    });
    expect(made.meta?.notices).toEqual([{ severity: "info", text: "kept" }]);
    expect(alertProblem([made])).toBeUndefined();
  });

  test("a column called metric names the series where there is but one other", () => {
    const at = ["2023-12-24T14:30:03Z", "2023-12-24T14:30:03Z", "2023-12-24T14:31:03Z", "2023-12-24T14:31:03Z"];
    const made = shape([
      times(
        at.map((time) => new Date(time)),
        { name: "time" },
      ),
      numbers([10, 110, 20, 120], { name: "v" }),
      strings(["a", "b", "a", "b"], { name: "metric" }),
    ]);
    expect(rowsOf(made)).toEqual([
      ["Time", undefined, "time", ["2023-12-24T14:30:03Z", "2023-12-24T14:31:03Z"]],
      ["a", undefined, "float64?", [10, 20]],
      ["b", undefined, "float64?", [110, 120]],
    ]);
    expect(alertProblem([made])).toBeUndefined();
  });

  test("with several values, metric is a label as any other", () => {
    const made = shape([
      times([0, 0], { name: "time" }),
      strings(["a", "b"], { name: "metric" }),
      numbers([1, 2], { name: "v" }),
      numbers([3, 4], { name: "w" }),
    ]);
    expect(made.fields.map(({ name, labels }) => [name, labels])).toEqual([
      ["Time", undefined],
      ["v", { metric: "a" }],
      ["v", { metric: "b" }],
      ["w", { metric: "a" }],
      ["w", { metric: "b" }],
    ]);
  });

  test("all texts become labels, one without a value an empty one", () => {
    const made = shape([
      times([ms("2023-12-21T11:30:03Z"), ms("2023-12-21T11:31:03Z")], { name: "time" }),
      numbers([10.1, 20.1], { name: "v" }),
      strings(["one", null], { name: "c1" }),
      strings(["two", "twelve"], { name: "c1nn" }),
    ]);
    expect(rowsOf(made)).toEqual([
      ["Time", undefined, "time", ["2023-12-21T11:30:03Z", "2023-12-21T11:31:03Z"]],
      ["v", { c1: "", c1nn: "twelve" }, "float64?", [null, 20.1]],
      ["v", { c1: "one", c1nn: "two" }, "float64?", [10.1, null]],
    ]);
  });

  test("values become float64, whatever they were", () => {
    const made = shape([
      times([0, 1], { name: "time" }),
      ...(["int8", "int16", "int32", "uint8", "uint16", "uint32", "float32"] as const).map((type) =>
        fieldOf(type, [1, null], { name: type }),
      ),
      fieldOf("int64", [-2n, null], { name: "int64" }),
      fieldOf("uint64", [2n, null], { name: "uint64" }),
      booleans([true, false], { name: "boolean" }),
      times([1_500, null], { name: "other" }),
    ]);
    expect(rowsOf(made).map(([name, , type, values]) => [name, type, values])).toEqual([
      ["Time", "time", ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.001Z"]],
      ...["int8", "int16", "int32", "uint8", "uint16", "uint32", "float32"].map((type) => [
        type,
        "float64?",
        [1, null],
      ]),
      ["int64", "float64?", [-2, null]],
      ["uint64", "float64?", [2, null]],
      ["boolean", "float64?", [1, 0]],
      ["other", "float64?", [1_500, null]],
    ]);
  });

  test("a result without rows has no fields left", () => {
    const made = shape([times([], { name: "time" }), numbers([], { name: "v" })], {
      fill: { fill: "null", interval: 1n },
    });
    expect(made).toMatchObject({ refId: "A", length: 0, fields: [], meta: { executedQueryString: "SELECT" } });
    expect(alertProblem([made])).toBeUndefined();
    expect(shape([numbers([], { name: "v" })], { format: "table" }).fields).toEqual([]);
  });
});

describe("time column", () => {
  const value = numbers([1], { name: "v" });
  test.each([
    ["the last that is called time", [times([0], { name: "time" }), times([5], { name: "time" }), value], 1],
    ["else the first of times", [strings(["x"], { name: "a" }), times([0], { name: "b" }), value], 1],
    [
      "and rather that called time than one of times",
      [times([0], { name: "b" }), numbers([1e12], { name: "time" })],
      1,
    ],
  ])("%s", (_, fields, index) => {
    const made = shape(fields, { format: "time_series" });
    const expected = shape([fields[index] ?? value, value]).fields[0];
    expect(made.fields.find(({ name }) => name === "Time")?.column).toEqual(expected?.column);
  });

  test("time_sec for MySQL", () => {
    const made = shape([numbers([1703427600], { name: "time_sec" }), value], { dialect: mysql });
    expect(rowsOf(made)[0]?.[3]).toEqual(["2023-12-24T14:20:00Z"]);
    expect(() => shape([numbers([1703427600], { name: "time_sec" }), value])).toThrow("there is no time column");
  });

  const at = "2018-03-14T21:20:06.527Z";
  test.each<[string, Field, string]>([
    ["seconds", integers([1521062406], { name: "time" }), "2018-03-14T21:20:06Z"],
    ["milliseconds", integers([1521062406527], { name: "time" }), at],
    ["microseconds", integers([1521062406527345n], { name: "time" }), at],
    ["nanoseconds", integers([1521062406527345000n], { name: "time" }), at],
    ["uint32", fieldOf("uint32", [1521062406], { name: "time" }), "2018-03-14T21:20:06Z"],
    ["uint64", fieldOf("uint64", [1521062406527345000n], { name: "time" }), at],
    ["float64 seconds", numbers([1521062406.527345], { name: "time" }), at],
    ["float64 milliseconds", numbers([1521062406527.345], { name: "time" }), at],
    ["float64 microseconds", numbers([1521062406527345], { name: "time" }), at],
    ["float64 nanoseconds", numbers([1521062406527345000], { name: "time" }), at],
    ["negative seconds", numbers([-1521062406], { name: "time" }), "1921-10-20T02:39:54Z"],
    ["text of a number", strings(["1521062406"], { name: "time" }), "2018-03-14T21:20:06Z"],
    ["text of a moment", strings(["2018-03-14 21:20:06.527"], { name: "time" }), at],
    ["small numbers are milliseconds", numbers([999_999_999], { name: "time" }), "1970-01-12T13:46:39.999Z"],
  ])("%s", (_, time, iso) => {
    expect(rowsOf(shape([time, value]))[0]).toEqual(["Time", undefined, "time", [iso]]);
    expect(rowsOf(shape([time, value], { format: "table" }))[0]?.[3]).toEqual([iso]);
  });

  test("nanoseconds of an integer are exact", () => {
    const made = shape([integers([1521062406527345001n], { name: "time" }), value]);
    expect([...valuesOf(made.fields[0] ?? value)]).toEqual([1521062406527345001n]);
  });

  test("small numbers are seconds where a macro says so", () => {
    const options = { timeInSeconds: true };
    expect(rowsOf(shape([numbers([946684800], { name: "time" }), value], options))[0]?.[3]).toEqual([
      "2000-01-01T00:00:00Z",
    ]);
    expect(rowsOf(shape([integers([-1], { name: "time" }), value], options))[0]?.[3]).toEqual(["1969-12-31T23:59:59Z"]);
    expect(rowsOf(shape([numbers([1e12], { name: "time" }), value], options))[0]?.[3]).toEqual([
      "2001-09-09T01:46:40Z",
    ]);
  });
});

describe("what can be no time series is an error", () => {
  const value = numbers([1, 2], { name: "v" });
  const time = times([0, 1], { name: "time" });
  test.each<[string, Field[]]>([
    [
      'there is no time column; call one "time", or choose the format table',
      [value, strings(["a", "b"], { name: "t" })],
    ],
    ['column "time": "x" in row 2 is no time', [strings(["1", "x"], { name: "time" }), value]],
    ['column "time": "NaN" in row 1 is no time', [numbers([Number.NaN, 1], { name: "time" }), value]],
    ['column "time": "100000000000000000" in row 1 is no time', [numbers([1e17, 1], { name: "time" }), value]],
    ['column "time": is of type boolean, which is no time', [booleans([true, false], { name: "time" }), value]],
    ["1 of 2 rows have no time; leave them out with WHERE … IS NOT NULL", [times([0, null], { name: "time" }), value]],
    [
      "the rows are not in the order of their time: row 2 is before row 1; add ORDER BY",
      [times([1, 0], { name: "time" }), value],
    ],
    [
      "the rows are not in the order of their time",
      [times([1, 0], { name: "time" }), value, strings(["a", "b"], { name: "c" })],
    ],
    ["there is no column of numbers beside the time", [time, strings(["a", "b"], { name: "c" })]],
    [
      'column "j": is of type json, and the values of a time series are numbers; leave it out',
      [time, json([1, 2], { name: "j" })],
    ],
    [
      'field "c": two fields that tell series apart have the same name',
      [time, strings(["a", "b"], { name: "c" }), strings(["a", "b"], { name: "c" }), value],
    ],
  ])("%s", (message, fields) => {
    expect(() => shape(fields)).toThrow(`time series: ${message}`);
    expect(() => shape(fields)).toThrow(
      expect.toSatisfy((error: unknown) => error instanceof DownstreamError && error.status === 400),
    );
  });

  test("but as a table the same rows are well, and what holds no time stays as it is", () => {
    const odd = [strings(["1", "x"], { name: "time" }), json([1, 2], { name: "TimeEnd" })];
    const made = shape(odd, { format: "table" });
    expect(made.fields.map(({ column }) => column)).toEqual(odd.map(({ column }) => column));
  });
});

describe("beside Grafana's own data sources", () => {
  test("enums tell series apart by their texts", () => {
    const made = shape([
      times([0, 0], { name: "time" }),
      enums(["up", "down"], { name: "state" }),
      numbers([1, 2], { name: "v" }),
    ]);
    expect(made.fields.map(({ labels }) => labels)).toEqual([undefined, { state: "down" }, { state: "up" }]);
  });

  test("whole numbers that float64 rounds are told of", () => {
    const made = shape([
      times([0, 1], { name: "time" }),
      integers([9007199254740992n, 9007199254740993n], { name: "v" }),
    ]);
    expect(made.meta?.notices?.[1]?.text).toBe(
      'column "v": the values of a time series are float64, which rounds whole numbers beyond 2^53, first in row 2; the format table has them exact',
    );
  });

  test("times that repeat, or series of one name, do not keep to the contract, and no type is claimed", () => {
    const v = numbers([1, 2], { name: "v" });
    expect(shape([times([0, 0], { name: "time" }), v]).meta).not.toHaveProperty("type");
    expect(shape([times([0, 1], { name: "time" }), v, v]).meta).not.toHaveProperty("type");
  });

  test("fill begins at a multiple of the interval, also before 1970 and for fractions of seconds", () => {
    const before = { from: new Date(-25_000), to: new Date(0) };
    const fields = [times([-20_000], { name: "time" }), numbers([1], { name: "v" })];
    const made = shape(fields, { timeRange: before, fill: { fill: "null", interval: 10_000_000_000n } });
    expect([...valuesOf(made.fields[1] ?? fields[0] ?? numbers([]))]).toEqual([null, 1, null, null]);
    const half = shape([times([0], { name: "time" }), numbers([1], { name: "v" })], {
      timeRange: { from: new Date(0), to: new Date(1_000) },
      fill: { fill: { value: 0 }, interval: 500_000_000n },
    });
    expect([...valuesOf(half.fields[0] ?? numbers([]))]).toEqual([0n, 500_000_000n, 1_000_000_000n]);
  });

  test("fill that would make more rows than the limit is left out, with Grafana's notice", () => {
    const fields = [times([ms("2023-12-24T14:20:00Z")], { name: "time" }), numbers([1], { name: "v" })];
    const made = shape(fields, { fill: { fill: "null", interval: 1_000_000_000n }, rowLimit: 100 });
    expect(made.length).toBe(1);
    expect(made.meta?.notices?.[1]).toEqual({
      severity: "warning",
      text: "Fill operation skipped: time range and interval would require more points than the configured row limit",
    });
  });

  test("fill without an interval fills what other series have", () => {
    const made = shape(
      [times([0, 1], { name: "time" }), strings(["a", "b"], { name: "c" }), numbers([1, 2], { name: "v" })],
      { fill: { fill: { value: 0 }, interval: undefined } },
    );
    expect(rowsOf(made).map(([, , , values]) => values)).toEqual([
      ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.001Z"],
      [1, 0],
      [0, 2],
    ]);
  });
});

describe("table and logs", () => {
  test("a table keeps its columns, and time and timeend become times", () => {
    const made = shape(
      [
        numbers([1703427600], { name: "time" }),
        integers([1703427600000], { name: "TimeEnd" }),
        integers([9007199254740993n], { name: "n" }),
        json([{ a: 1 }], { name: "j" }),
      ],
      { format: "table" },
    );
    expect(rowsOf(made).map(([name, , type, values]) => [name, type, values])).toEqual([
      ["time", "time?", ["2023-12-24T14:20:00Z"]],
      ["TimeEnd", "time?", ["2023-12-24T14:20:00Z"]],
      ["n", "int64?", [9007199254740993n]],
      ["j", "json?", ['{"a":1}']],
    ]);
    expect(made.meta).toEqual({ executedQueryString: "SELECT", notices: [{ severity: "info", text: "kept" }] });
  });

  test("log lines keep to the contract where the columns are called so", () => {
    const lines = [integers([ns("2023-12-24T14:20:00Z")], { name: "timestamp" }), strings(["hello"], { name: "body" })];
    const made = shape(lines, { format: "logs" });
    expect(made.meta).toMatchObject({ type: "log-lines", preferredVisualisationType: "logs" });
    expect(rowsOf(made).map(([name, , type]) => [name, type])).toEqual([
      ["timestamp", "time"],
      ["body", "string"],
    ]);
    const other = shape([times([0], { name: "time" }), strings(["hello"], { name: "message" })], { format: "logs" });
    expect(other.meta).toMatchObject({ preferredVisualisationType: "logs" });
    expect(other.meta).not.toHaveProperty("type");
  });
});
