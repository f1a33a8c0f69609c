import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeArrow,
  encodeArrow,
  enums,
  type Frame,
  fieldOf,
  frame,
  integers,
  jsonColumn,
  field as makeField,
  numbers,
  strings,
  times,
} from "../src/index.js";
import { takeRows } from "../src/take.js";
import { expectFrame, FrameAssertionError, frameDifference } from "../src/testing/index.js";
import { anyFrame } from "./arbitrary-frame.js";

/** The lines that say how two frames called "f" differ, without the first, which names them. */
function linesOf(difference: string | undefined): string[] {
  const [first, ...lines] = difference?.split("\n") ?? [];
  expect(first).toBe(difference === undefined ? undefined : 'frame "f":');
  return lines.map((line) => line.slice(2));
}

const a = frame(
  "f",
  { v: numbers([1, 2]) },
  { refId: "A", meta: { typeVersion: [0, 1], notices: [{ severity: "info", text: "x" }] } },
);

function documents(...texts: string[]): Frame {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const offsets = [0];
  for (const each of encoded) {
    offsets.push((offsets.at(-1) ?? 0) + each.length);
  }
  return frame("f", [
    makeField("j", jsonColumn(Int32Array.from(offsets), Uint8Array.from(encoded.flatMap((each) => [...each])))),
  ]);
}

describe("frameDifference", () => {
  test("finds none between a frame and itself, nor between what Grafana cannot tell apart", () => {
    expect(frameDifference(a, a)).toBeUndefined();
    expect(frameDifference([], [])).toBeUndefined();
    const odd = () =>
      frame("f", { v: numbers([Number.NaN, -0, null, Infinity]), n: numbers([0, 0, 0, 0], { labels: {}, unit: "" }) });
    expect(
      frameDifference(odd(), frame("f", { v: numbers([Number.NaN, -0, null, Infinity]), n: numbers([0, 0, 0, 0]) })),
    ).toBeUndefined();
    expect(frameDifference(documents('{"a": [1]}'), documents('{ "a":[1] }'))).toBeUndefined();
  });

  test("says what differs besides the rows", () => {
    const b = frame(
      "g",
      { v: fieldOf("float32", [1, 2], { nullable: false, unit: "ms", labels: { "a b": "c" } }) },
      {
        meta: {
          typeVersion: [0, 1],
          notices: [
            { severity: "warning", text: "x" },
            { severity: "info", text: "y" },
          ],
          path: "p",
        },
      },
    );
    expect(frameDifference(a, b)?.split("\n")).toEqual([
      'frame "f":',
      '  name is "f", expected "g"',
      '  refId is "A", expected ""',
      '  meta.notices[0].severity is "info", expected "warning"',
      '  meta.notices[1] is missing, expected {"severity": "info", "text": "y"}',
      '  meta.path is missing, expected "p"',
      '  field "v": type is float64, expected float32',
      '  field "v": is nullable, expected not nullable',
      '  field "v": labels["a b"] is missing, expected "c"',
      '  field "v": config.unit is missing, expected "ms"',
    ]);
    expect(
      linesOf(frameDifference(a, b, { ignore: ["name", "refId", "meta", "nullable", "labels", "config"] })),
    ).toEqual(['field "v": type is float64, expected float32']);
    expect(linesOf(frameDifference(frame("f", []), frame("f", [], { meta: {} })))).toEqual([
      'meta is missing, expected {"typeVersion": [0, 0]}',
    ]);
  });

  test("says which fields there are, and compares those in the same place", () => {
    const wide = frame("f", { a: numbers([1]), b: numbers([1]), c: numbers([1]) });
    const other = frame("f", { a: numbers([2]), c: numbers([2]) });
    expect(linesOf(frameDifference(wide, other))).toEqual([
      'fields are "a", "b", "c", expected "a", "c"',
      "1 of 1 cells differs:",
      "  field  row  actual  expected",
      '  "a"      0  1       2',
    ]);
    expect(linesOf(frameDifference(frame("f", []), other))).toEqual([
      'fields are none, expected "a", "c"',
      "0 rows, expected 1",
    ]);
  });

  test("shows the first cells that differ as a table", () => {
    const actual = frame("f", {
      time: times([0, 1000, 2000]),
      text: strings(["a", "null", "two\nlines"]),
      state: enums(["ok", "ok", "failed"]),
      count: integers([1, 2, 3]),
    });
    const expected = frame("f", {
      time: times([0, 1001, null]),
      text: strings(["a", null, "two lines"]),
      state: enums(["ok", "failed", "ok"]),
      count: integers([1, 2, 3, 4].slice(0, 3)),
    });
    expect(linesOf(frameDifference(actual, expected, { maxCells: 5 }))).toEqual([
      "6 of 12 cells differ, the first 5:",
      "  field    row  actual                expected",
      '  "time"     1  1970-01-01T00:00:01Z  1970-01-01T00:00:01.001Z',
      '  "text"     1  "null"                null',
      '  "state"    1  "ok"                  "failed"',
      '  "time"     2  1970-01-01T00:00:02Z  null',
      '  "text"     2  "two\\nlines"          "two lines"',
    ]);
  });

  test("compares the rows that both have, and says how many there are", () => {
    expect(linesOf(frameDifference(frame("f", { v: numbers([1, 5]) }), frame("f", { v: numbers([1, 2, 3]) })))).toEqual(
      ["2 rows, expected 3", "1 of 2 cells differs:", "  field  row  actual  expected", '  "v"      1  5       2'],
    );
  });

  test("tells -0 from 0 and NaN from no value, and allows for a tolerance of floats alone", () => {
    const actual = frame("f", {
      f: numbers([-0, Number.NaN, 1, Infinity]),
      g: fieldOf("float32", [1, 1, 1, 1]),
      i: integers([1, 1, 1, 1]),
    });
    const expected = frame("f", {
      f: numbers([0, null, 1.001, Infinity]),
      g: fieldOf("float32", [1, 1.001, 1.1, 1]),
      i: integers([1, 1, 1, 1]),
    });
    const cells = (tolerance?: number) =>
      linesOf(frameDifference(actual, expected, tolerance === undefined ? {} : { tolerance }))
        .slice(2)
        .map((line) => line.trim().split(/\s+/).join(" "));
    expect(cells()).toEqual(['"f" 0 -0 0', '"f" 1 NaN null', '"g" 1 1 1.001', '"f" 2 1 1.001', '"g" 2 1 1.1']);
    expect(cells(0.01)).toEqual(['"f" 1 NaN null', '"g" 2 1 1.1']);
    const ones = frame("f", { i: integers([1]) });
    expect(frameDifference(ones, frame("f", { i: integers([2]) }), { tolerance: 5 })).toContain("1 of 1 cells differs");
  });

  test("shows of long cells where they differ, and tells apart what looks the same", () => {
    const [actual, expected] = ["x", "y"].map((end) =>
      frame("f", { s: strings([`${"😀".repeat(100)}${end}${"b".repeat(100)}`]) }),
    );
    const [, , line] = actual && expected ? linesOf(frameDifference(actual, expected)) : [];
    expect(line).toMatch(/…(😀){10,11}xb+… {2}…(😀){10,11}yb+…$/u);
    expect(line).not.toMatch(/\p{Surrogate}/u);
    expect(
      linesOf(frameDifference(frame("f", { s: strings(["é"]) }), frame("f", { s: strings(["e\u0301"]) }))).at(-1),
    ).toBe('  "s"      0  "\\u00e9"  "e\\u0301"');
  });

  test("compares lists of frames", () => {
    const b = frame("b", { v: numbers([1]) });
    expect(frameDifference([a, b], [a, frame("b", { v: numbers([2]) })])?.split("\n")).toEqual([
      'frame 2 of 2, "b":',
      "  1 of 1 cells differs:",
      "    field  row  actual  expected",
      '    "v"      0  1       2',
    ]);
    expect(frameDifference(a, [a, b])).toBe('1 frame ("f"), expected 2 ("f", "b")');
    expect(frameDifference([], a)).toBe('0 frames (none), expected 1 ("f")');
  });

  test("finds none between any frame and what is read of its bytes, and one where a row is missing", () => {
    fc.assert(
      fc.property(anyFrame, (made) => {
        expect(frameDifference(decodeArrow(encodeArrow(made)), made)).toBeUndefined();
        if (made.length > 0) {
          const rows = Int32Array.from({ length: made.length - 1 }, (_, row) => row + 1);
          const shorter = made.fields.map((field) => ({ ...field, column: takeRows(field.column, rows) }));
          expect(frameDifference(frame(made.name, shorter), made)).toContain(`, expected ${made.length}`);
        }
      }),
    );
  });
});

describe("expectFrame", () => {
  test("says nothing of equal frames, and fails with what differs", () => {
    expectFrame(a).toEqual(a);
    expectFrame([a]).toEqual(a);
    expectFrame(a).toEqual(frame("f", { v: numbers([1, 2.01]) }), { tolerance: 0.1, ignore: ["refId", "meta"] });
    const fail = () => expectFrame(a).toEqual(frame("f", { v: numbers([1, 3]) }), { ignore: ["refId", "meta"] });
    expect(fail).toThrow(FrameAssertionError);
    expect(fail).toThrow(
      expect.objectContaining({
        name: "AssertionError",
        code: "ERR_ASSERTION",
        message:
          'the frames are not equal\n\nframe "f":\n  1 of 2 cells differs:\n    field  row  actual  expected\n    "v"      1  2       3',
      }),
    );
  });
});
