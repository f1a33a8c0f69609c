import { describe, expect, test } from "vitest";
import {
  decodeArrow,
  decodeJson,
  encodeArrow,
  encodeJson,
  FrameError,
  field,
  frame,
  jsonColumn,
} from "../src/index.js";

/** JSON of a frame of one field with one row. */
function jsonOf(type: string, value: string): string {
  return `{"schema":{"fields":[{"name":"v","typeInfo":{"frame":"${type}"}}]},"data":{"values":[[${value}]]}}`;
}

const manyDigits = "9".repeat(1_000_000);

describe("decodeJson, of JSON made to do harm,", () => {
  test.each(["int8", "int64", "uint64", "time.Time", "enum"])(
    "refuses an integer of a million digits as %s without reading it as one, which takes seconds",
    (type) => {
      expect(() => decodeJson(jsonOf(type, manyDigits))).toThrow(
        new FrameError("99999999999999999999… has more digits than integers of 64 bits", { field: "v", row: 0 }),
      );
    },
  );

  test.each([["1e400"], ["-1e400"], [manyDigits]])("refuses a number that no float can hold (%#)", (number) => {
    expect(() => decodeJson(jsonOf("float64", number))).toThrow(
      new FrameError(`${number.slice(0, 40)} is beyond what floating point numbers can hold`, { field: "v", row: 0 }),
    );
  });

  test.each(["1e400", "-1e309", `1${"0".repeat(400)}`, `1${"0".repeat(250)}e99`])(
    "refuses a number that no float can hold in a meta (%#)",
    (number) => {
      expect(() => decodeJson(`{"schema":{"meta":{"custom":{"n":[${number}]}},"fields":[]}}`)).toThrow(
        new FrameError("the JSON is damaged: what begins at character 10 is not valid"),
      );
      expect(decodeJson('{"schema":{"meta":{"custom":{"1e400":1e308}},"fields":[]}}').meta?.custom).toEqual({
        "1e400": 1e308,
      });
    },
  );

  test.each([600, 5_000, 500_000])("refuses a meta nested %s levels deep", (levels) => {
    const deep = "[".repeat(levels) + "]".repeat(levels);
    expect(() => decodeJson(`{"schema":{"meta":{"custom":${deep}},"fields":[]}}`)).toThrow(
      new FrameError("schema.meta: is nested more than 500 levels deep"),
    );
  });

  test("reads a document nested deep, which stays as it is", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(encodeJson(decodeJson(jsonOf("json.RawMessage", deep)))).toContain(deep);
    const column = jsonColumn(Int32Array.of(0, deep.length), new TextEncoder().encode(deep));
    expect(encodeJson(decodeArrow(encodeArrow(frame("f", [field("d", column)]))))).toContain(deep);
  });

  test.each([
    ["a text that never ends", `{"schema":{"name":"${"\\\\".repeat(1_000_000)}`],
    ["brackets that never end", `{"data":${"[".repeat(1_000_000)}`],
    ["nothing but quotes", jsonOf("string", '"'.repeat(1_000_001))],
    [
      "a row far away",
      '{"schema":{"fields":[{"typeInfo":{"frame":"float64"}}]},"data":{"values":[[1]],"entities":[{"NaN":[2147483647]}]}}',
    ],
  ])("refuses %s", (_, json) => {
    expect(() => decodeJson(json)).toThrow(FrameError);
  });
});

test("encoding refuses a meta that is nested too deep for the stack", () => {
  let deep: unknown = [];
  for (let level = 0; level < 2_500; level++) {
    deep = [deep];
  }
  const made = frame("f", [], { meta: { custom: deep } });
  const error = new FrameError("meta.custom: is nested more than 500 levels deep");
  expect(() => encodeJson(made)).toThrow(error);
  expect(() => encodeArrow(made)).toThrow(error);
});
