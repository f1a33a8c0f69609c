import { describe, expect, test } from "vitest";
import {
  decodeJson,
  decodeJsonData,
  encodeJson,
  FrameError,
  frame,
  integers,
  type Value,
  valuesOf,
} from "../src/index.js";

/** JSON of a frame of one field. */
function jsonOf(type: string, values: string, besides = ""): string {
  return `{"schema":{"fields":[{"name":"v","typeInfo":{"frame":"${type}","nullable":true}}]},"data":{"values":[${values}]${besides}}}`;
}

function valuesIn(json: string): Value[] {
  return decodeJson(json).fields.flatMap((field) => [...valuesOf(field)]);
}

describe("decodeJson", () => {
  test.each<[string, string, readonly Value[]]>([
    ["int64", "[9007199254740993,null,-9223372036854775808,1]", [9007199254740993n, null, -(2n ** 63n), 1n]],
    ["uint64", "[18446744073709551615,9007199254740991]", [2n ** 64n - 1n, 2n ** 53n - 1n]],
    ["int8", "[-128,127,null]", [-128, 127, null]],
    ["float64", "[-0,1e-7,1.5,5e-324,null]", [-0, 1e-7, 1.5, 5e-324, null]],
    ["string", '["","\\u0061\\n\\"",null]', ["", 'a\n"', null]],
    ["bool", "[true,false,null]", [true, false, null]],
    ["json.RawMessage", '[{"a": 1},null,[1e400]]', ['{"a": 1}', null, "[1e400]"]],
  ])("reads %s exactly", (type, list, values) => {
    expect(valuesIn(jsonOf(type, list))).toEqual(values);
    expect(valuesIn(jsonOf(type, list.replaceAll(",", " ,\n ")))).toEqual(values);
  });

  test("writes integers of any size with all digits, whether or not a number could hold all of them", () => {
    for (const list of ["[1,2]", "[1,9007199254740993]", "[-9007199254740992]", "[-9223372036854775808]"]) {
      expect(encodeJson(decodeJson(jsonOf("int64", list)))).toContain(`"values":[${list}]`);
    }
    for (const list of [
      "[9007199254740991]",
      "[9007199254740992]",
      "[18446744073709551615]",
      "[9223372036854775808]",
    ]) {
      expect(encodeJson(decodeJson(jsonOf("uint64", list)))).toContain(`"values":[${list}]`);
    }
  });

  test("reads times with the nanoseconds beside them, and NaN and the infinities", () => {
    const time = jsonOf("time.Time", "[-1,null,1700000000000]", ',"nanos":[[999999,0,7]]');
    expect(valuesIn(time)).toEqual([-1n, null, 1_700_000_000_000_000_007n]);
    const float = jsonOf("float64", "[null,null,1,null,null]", ',"entities":[{"NaN":[0],"Inf":[1],"NegInf":[4]}]');
    expect(valuesIn(float)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 1, null, Number.NEGATIVE_INFINITY]);
  });

  test("does not care which part comes first, nor for parts that it does not know", () => {
    const json =
      '{"more":[{}],"data":{"more":1,"entities":null,"values":[[1]]},"schema":{"fields":[{"type":"number"}]}}';
    expect(valuesIn(json)).toEqual([1]);
  });

  test.each<[string, string, string]>([
    ["int64", "[1,1.0]", 'field "v", row 1: 1.0 is not an integer'],
    ["int32", "[1e3]", 'field "v", row 0: 1e3 is not an integer'],
    ["uint8", "[1,256]", 'field "v", row 1: 256 does not fit'],
    ["uint64", "[-1]", 'field "v", row 0: -1'],
    [
      "int64",
      "[9223372036854775808]",
      'field "v", row 0: 9223372036854775808n does not fit int64, which reaches from -2^63 to 2^63 - 1',
    ],
    ["float64", '[1,"2"]', 'field "v", row 1: the JSON is damaged: "\\"" at character 104 where a number should be'],
    ["string", "[1]", 'field "v", row 0: the JSON is damaged: "1" at character 101 where a text in quotes should be'],
    ["bool", "[0]", 'field "v", row 0: the JSON is damaged: "0" at character'],
    ["string", "{}", 'field "v", row 0: the JSON is damaged: "{" at character 100 where "[" should be'],
    ["json.RawMessage", "[1,[}]", 'field "v", row 1: the JSON is damaged: what begins at character 112 is not valid'],
    ["time.Time", "[1]", 'field "v": has 2 nanoseconds in data.nanos for 1 rows'],
  ])("says where what is wrong (%#)", (type, list, message) => {
    const besides = type === "time.Time" ? ',"nanos":[[0,0]]' : "";
    expect(() => decodeJson(jsonOf(type, list, besides))).toThrow(FrameError);
    expect(() => decodeJson(jsonOf(type, list, besides))).toThrow(message);
  });

  test.each<[string, string]>([
    ["[1],[2]", "data.values: has values of more than the 1 fields of the schema"],
    ["", "data.values: has values of 0 fields, where the schema has 1"],
  ])("refuses another number of lists than of fields (%#)", (lists, message) => {
    expect(() => decodeJsonData(`{"data":{"values":[${lists}]}}`, frame("f", { v: integers([]) }))).toThrow(
      new FrameError(message),
    );
  });
});
