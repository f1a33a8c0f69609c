import { describe, expect, test } from "vitest";
import {
  alertProblem,
  booleans,
  type ContractType,
  type Field,
  type Frame,
  FrameError,
  type FrameMeta,
  fieldOf,
  frame,
  frameTypeProblems,
  json,
  longToWide,
  numbers,
  strings,
  times,
  toMulti,
  withFrameType,
} from "../src/index.js";

const time = (...values: (number | null)[]) => times(values, { name: "time", nullable: values.includes(null) });
const value = (values: (number | null)[], labels: Record<string, string> = {}, name = "v") =>
  numbers(values, { name, labels });
const host = (...values: string[]) => strings(values, { name: "host" });

function typed(type: ContractType, ...frames: Field[][]): Frame[] {
  return frames.map((fields) => frame("f", fields, { meta: { type, typeVersion: [0, 1] } }));
}

describe("frameTypeProblems", () => {
  test.each<[ContractType, Field[][]]>([
    ["timeseries-wide", [[time(0, 1), value([1, 2], { host: "a" }), value([1, null], { host: "b" })]]],
    ["timeseries-wide", [[time(0), booleans([true], { name: "up" }), host("remainder")]]],
    ["timeseries-wide", [[time(), value([])]]],
    ["timeseries-long", [[time(0, 0, 1), host("a", "b", "a"), value([1, 2, 3])]]],
    [
      "timeseries-multi",
      [
        [time(0), value([1], { host: "a" })],
        [time(5), value([1], { host: "b" })],
      ],
    ],
    ["numeric-wide", [[value([1], { host: "a" }), value([2], { host: "b" })]]],
    ["numeric-multi", [[value([1], { host: "a" })], [value([2], { host: "b" })]]],
    ["numeric-long", [[host("a", "b"), value([1, 2])]]],
    ["numeric-long", [[value([1])]]],
    [
      "log-lines",
      [[times([0], { name: "timestamp", nullable: false }), strings(["hi"], { name: "body", nullable: false })]],
    ],
    ["timeseries-wide", [[]]],
  ])("has nothing against a good %s (%#)", (type, frames) => {
    expect(frameTypeProblems(typed(type, ...frames))).toEqual([]);
  });

  test.each<[ContractType, Field[][], string]>([
    ["timeseries-wide", [[value([1])]], "there is no time field"],
    ["timeseries-wide", [[time(0)]], "there is no field of numbers or booleans"],
    [
      "timeseries-wide",
      [[times([0], { name: "time" }), value([1])]],
      'the time field "time" is nullable, and readers look only for one that is not',
    ],
    [
      "timeseries-wide",
      [[time(1, 0), value([1, 2])]],
      'the time field "time" is not in ascending order: row 1 is before row 0',
    ],
    [
      "timeseries-wide",
      [[time(1, 1), value([1, 2])]],
      'the time field "time" repeats itself: row 1 has the time of row 0',
    ],
    [
      "timeseries-wide",
      [[time(1), value([1], { b: "2", a: "1" }), value([1], { a: "1", b: "2" })]],
      'two value fields are called "v" with the labels {a=1, b=2}',
    ],
    [
      "timeseries-wide",
      [
        [time(1), value([1])],
        [time(1), value([1])],
      ],
      "there are 2 frames of the type, where there may be one",
    ],
    [
      "timeseries-long",
      [[time(0, 0), host("a", "a"), value([1, 2])]],
      "row 1 repeats the time and text of a row above, with {host=a}",
    ],
    ["timeseries-long", [[time(0), host("a"), host("b"), value([1])]], 'two text fields are called "host"'],
    [
      "timeseries-multi",
      [
        [time(0), value([1])],
        [time(0), value([1])],
      ],
      'two value fields are called "v" with the labels {}',
    ],
    ["timeseries-multi", [[time(0), value([1])], [value([1])]], "frame 1: there is no time field"],
    ["timeseries-multi", [[time(0), value([1])], []], "frame 1 has no fields, though others do"],
    ["numeric-wide", [[value([1, 2])]], "there are 2 rows, where there may be one"],
    ["numeric-wide", [[host("a")]], "there is no field of numbers or booleans"],
    ["numeric-multi", [[value([1])], [host("a")]], "frame 1: there is no field of numbers or booleans"],
    ["numeric-long", [[value([1, 2])]], "there are 2 rows, but no text field that tells them apart"],
    ["numeric-long", [[host("a", "a"), value([1, 2])]], "row 1 repeats the texts of a row above, with {host=a}"],
    ["log-lines", [[time(0)]], 'there is no field "timestamp" of type time'],
    ["log-lines", [[strings(["x"], { name: "body" })]], 'the field "body" may not be nullable'],
    ["log-lines", [[strings(["{}"], { name: "labels" })]], 'the field "labels" has the type string, not json'],
    ["log-lines", [[strings(["1"], { name: "tsNs" })]], 'the field "tsNs" does not hold numbers'],
  ])("finds what is wrong with a %s (%#)", (type, frames, problem) => {
    expect(frameTypeProblems(typed(type, ...frames))).toContain(problem);
  });

  test("leaves frames of other types and of none alone", () => {
    expect(frameTypeProblems([])).toEqual([]);
    expect(frameTypeProblems([frame("f", [value([1])])])).toEqual([]);
    const [wide] = typed("timeseries-wide", [time(0), value([1])]);
    expect(wide && frameTypeProblems([wide, frame("remainder", [host("x")])])).toEqual([]);
  });
});

describe("withFrameType", () => {
  test("sets type and version, and makes the time strict where it can be", () => {
    const [made] = withFrameType("timeseries-wide", [
      frame("f", { time: times([0]), v: numbers([1]) }, { meta: { executedQueryString: "q" } }),
    ]);
    expect(made?.meta).toEqual({ executedQueryString: "q", type: "timeseries-wide", typeVersion: [0, 1] });
    expect(made?.fields.map(({ nullable }) => nullable)).toEqual([false, true]);
    const [lines] = withFrameType("log-lines", [
      frame("f", { timestamp: times([0]), body: strings(["hi"]), severity: strings(["info"]), labels: json([{}]) }),
    ]);
    expect(lines?.meta?.typeVersion).toEqual([0, 0]);
    expect(lines?.fields.map(({ nullable }) => nullable)).toEqual([false, false, true, true]);
  });

  test("says all that the contract forbids", () => {
    const wrong = frame("f", { time: times([0, null]), host: strings(["a", "b"]) });
    expect(() => withFrameType("timeseries-wide", [wrong])).toThrow(
      new FrameError(
        'this is no timeseries-wide: the time field "time" is nullable, and readers look only for one that is not; ' +
          "there is no field of numbers or booleans",
      ),
    );
  });
});

describe("alertProblem", () => {
  const meta = (type: string, typeVersion: readonly [number, number] = [0, 1]): { meta: FrameMeta } => ({
    meta: { type, typeVersion },
  });
  const long = frame("f", { time: time(0, 0), host: host("a", "b"), v: numbers([1, 2]) });

  test.each<[string, Frame[]]>([
    ["no frames", []],
    ["a frame without fields", [frame("f", [])]],
    ["a wide series", [longToWide(long)]],
    ["a wide series without a type", [frame("f", [time(0), value([1])])]],
    ["whole numbers", [frame("f", [time(0), fieldOf("int32", [1])])]],
    ["series in frames of their own", toMulti(long)],
    ["a number", [frame("f", [value([1])])]],
    ["a table of one number and texts", [frame("f", [host("a", "b"), value([1, 2])])]],
    ["a long series with its type", withFrameType("timeseries-long", [long])],
    [
      "two numbers with their type",
      withFrameType("numeric-wide", [frame("f", [value([1], {}, "a"), value([2], {}, "b")])]),
    ],
  ])("has nothing against %s", (_, frames) => {
    expect(alertProblem(frames)).toBeUndefined();
  });

  test.each<[string, Frame[], RegExp]>([
    ["a long series without a type", [long], /long time series, whose texts.*longToWide.*withFrameType/],
    [
      "a long series whose version says nothing",
      [frame("f", long.fields, meta("timeseries-long", [0, 0]))],
      /long time series/,
    ],
    ["a table of two numbers", [frame("f", [value([1]), value([2])])], /no time field, and more than one number/],
    ["a table of times", [frame("f", [time(0), host("a")])], /a time field but no field of values/],
    [
      "rows that texts do not tell apart",
      [frame("f", [host("a", "b", "a"), value([1, 2, 3])])],
      /two rows have the labels \{host=a\}/,
    ],
    ["texts of one name", [frame("f", [host("a"), host("b"), value([1])])], /two text fields are called "host"/],
    [
      "series that labels do not tell apart",
      [frame("f", [time(0), value([1], {}, "cpu"), value([1], {}, "memory")])],
      /two series have the labels \{\}/,
    ],
    ["a row without a time", [frame("f", [time(0, null), value([1, 2])])], /"time" has no value in row 1/],
    [
      "what is no number",
      [frame("f", [time(0), json([{}], { name: "j" })])],
      /"j" of type json cannot be read as numbers/,
    ],
    [
      "whole numbers without a row",
      [frame("f", [time(), fieldOf("int64", [], { name: "n" })])],
      /"n" of type int64 has no rows, and without any only float64/,
    ],
    [
      "a type that the frame does not have",
      [frame("f", [times([0], { name: "time" }), value([1])], meta("timeseries-wide"))],
      /says that it is a timeseries-wide, but the time field "time" is nullable/,
    ],
    ["one bad frame among good ones", [frame("f", [time(0), value([1])]), long], /^frame 1: it is a long time series/],
  ])("says why a rule cannot use %s", (_, frames, message) => {
    expect(alertProblem(frames)).toMatch(message);
  });
});
