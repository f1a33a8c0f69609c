import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeArrow,
  decodeJson,
  decodeJsonData,
  encodeArrow,
  encodeJson,
  encodeJsonData,
  encodeJsonSchema,
  type Frame,
} from "../src/index.js";
import { goDocument } from "../src/json/go-json.js";
import { anyFrame, plain } from "./arbitrary-frame.js";

type RoundTrip = (made: Frame) => Frame;

/** How many frames a run; a failure prints the seed that makes it come again. */
const RUNS = 200;

describe("any frame survives", () => {
  test.each<[string, RoundTrip]>([
    ["Arrow", (made) => decodeArrow(encodeArrow(made))],
    ["Arrow with a checksum", (made) => decodeArrow(encodeArrow(made, { checksum: true }))],
  ])("%s", (_, roundTrip) => {
    fc.assert(
      fc.property(anyFrame, (made) => {
        expect(plain(roundTrip(made))).toEqual(plain(made));
      }),
      { numRuns: RUNS },
    );
  });

  test.each<[string, RoundTrip]>([
    ["JSON", (made) => decodeJson(encodeJson(made))],
    ["JSON as UTF-8", (made) => decodeJson(new TextEncoder().encode(encodeJson(made)))],
    ["JSON, schema and data apart", (made) => decodeJsonData(encodeJsonData(made), decodeJson(encodeJsonSchema(made)))],
    ["JSON, then Arrow", (made) => decodeArrow(encodeArrow(decodeJson(encodeJson(made))))],
    ["Arrow, then JSON", (made) => decodeJson(encodeJson(decodeArrow(encodeArrow(made))))],
  ])("%s", (_, roundTrip) => {
    fc.assert(
      fc.property(anyFrame, (made) => {
        // Within other JSON a document is written as Go writes it, some of its characters as escapes.
        expect(plain(roundTrip(made), goDocument)).toEqual(plain(made, goDocument));
      }),
      { numRuns: RUNS },
    );
  });
});
