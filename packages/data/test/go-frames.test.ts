import { describe, expect, test } from "vitest";
import {
  decodeArrow,
  decodeJson,
  decodeJsonData,
  encodeArrow,
  encodeJson,
  encodeJsonData,
  encodeJsonSchema,
} from "../src/index.js";
import { described, expected, expectedFromJson, type GoFrame, goFrames } from "./go-fixtures.js";

const frames = goFrames();
const byId = frames.map((frame): [string, GoFrame] => [frame.id, frame]);

test("the fixtures hold frames of every kind", () => {
  expect(frames.length).toBeGreaterThan(290);
});

describe.each(byId)("the Go SDK's frame %s", (_, go) => {
  const bytes = Uint8Array.from(Buffer.from(go.arrow, "base64"));

  test("is read from its Arrow file", () => {
    expect(described(decodeArrow(bytes))).toEqual(expected(go));
  });

  test("is written as the same JSON to the letter, whole and in parts", () => {
    const frame = decodeArrow(bytes);
    expect(encodeJson(frame)).toBe(go.json);
    expect(encodeJsonSchema(frame)).toBe(go.schemaJson);
    expect(encodeJsonData(frame)).toBe(go.dataJson);
  });

  test("is read from its JSON, whole and in parts", () => {
    for (const frame of [decodeJson(go.json), decodeJsonData(go.dataJson, decodeJson(go.schemaJson))]) {
      expect(described(frame)).toEqual(expectedFromJson(go));
      expect(encodeJson(frame)).toBe(go.json);
    }
  });

  test("survives an Arrow file of ours", () => {
    const again = decodeArrow(encodeArrow(decodeArrow(bytes)));
    expect(described(again)).toEqual(expected(go));
    expect(encodeJson(again)).toBe(go.json);
  });
});
