import { describe, expect, test } from "vitest";
import { ArrowError, decodeArrow, encodeArrow } from "../src/index.js";
import { described, type GoFrame, readLines } from "./go-fixtures.js";

/** A file that pyarrow wrote, made by tools/integration/python/write_arrow_files.py. */
interface PyarrowFile {
  readonly id: string;
  /** The file in base64. */
  readonly arrow: string;
  /** What a frame read from it must hold, its values as the Go program writes them. */
  readonly frame?: Omit<GoFrame["frame"], "meta">;
  /** Why none can be read from it: the whole message of the error. */
  readonly error?: string;
}

const files = readLines("pyarrow.jsonl").map((line): PyarrowFile => JSON.parse(line));
const named = (file: PyarrowFile): [string, PyarrowFile] => [file.id, file];
const readable = files.filter(({ frame }) => frame !== undefined).map(named);
const refused = files.filter(({ error }) => error !== undefined).map(named);

function bytesOf({ arrow }: PyarrowFile): Uint8Array {
  return Uint8Array.from(Buffer.from(arrow, "base64"));
}

test("the fixtures hold files of both kinds", () => {
  expect(readable.length).toBeGreaterThan(90);
  expect(refused.length).toBeGreaterThan(30);
});

describe("decodeArrow reads what pyarrow writes:", () => {
  test.each(readable)("%s", (_, file) => {
    const frame = decodeArrow(bytesOf(file));
    expect(described(frame)).toEqual(file.frame);
    expect(described(decodeArrow(encodeArrow(frame)))).toEqual(file.frame);
  });
});

describe("decodeArrow says why it does not read what pyarrow writes:", () => {
  test.each(refused)("%s", (_, file) => {
    expect(() => decodeArrow(bytesOf(file))).toThrow(new ArrowError(file.error));
  });
});
