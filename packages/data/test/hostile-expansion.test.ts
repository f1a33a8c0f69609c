import * as apache from "apache-arrow";
import { describe, expect, test } from "vitest";
import { ArrowError, decodeArrow, valuesOf } from "../src/index.js";

/** Rows of a batch, and a text that each of them names: 64 MiB, as much as even a small file may become. */
const ROWS = 1024;
const LONG = "x".repeat(65_536);

/** What one batch or field of such rows becomes. */
const MEGABYTES = (ROWS * LONG.length) / 1e6;

/** Places of one byte in a dictionary of one text. Each has a dictionary of its own: apache-arrow writes shared ones wrong. */
function dictionaryOf(text: string, id: number): apache.Data {
  const type = new apache.Dictionary(new apache.Utf8(), new apache.Int8(), id);
  const dictionary = apache.vectorFromArray([text], new apache.Utf8());
  return apache.makeData({ type, length: ROWS, data: new Int8Array(ROWS), dictionary, nullCount: 0 });
}

/** As many columns, all with the same values. */
function columnsOf(count: number, values: (index: number) => apache.Data): apache.Data[] {
  return Array.from({ length: count }, (_, index) => values(index));
}

/** Views of 16 bytes each, all of one text in a buffer of its own. */
function viewsOf(text: string, length = ROWS): apache.Data {
  const views = new Int32Array(length * 4);
  for (let row = 0; row < length; row++) {
    views.set([text.length, 0x7878_7878, 0, 0], row * 4);
  }
  const variadicBuffers = [new TextEncoder().encode(text)];
  return apache.makeData({ type: new apache.Utf8View(), length, nullCount: 0, views, variadicBuffers });
}

/** A file of record batches that all have the same columns. */
function fileOf(columns: readonly apache.Data[], batches: number): Uint8Array {
  const schema = new apache.Schema(columns.map(({ type }, index) => new apache.Field(`f${index}`, type, true)));
  const type = new apache.Struct(schema.fields);
  const length = columns[0]?.length ?? 0;
  const batch = new apache.RecordBatch(schema, apache.makeData({ type, length, children: [...columns], nullCount: 0 }));
  return apache.tableToIPC(new apache.Table(schema, Array<apache.RecordBatch>(batches).fill(batch)), "file");
}

describe("a file that names one text again and again", () => {
  test.each<[string, Uint8Array, number]>([
    ["by a dictionary in many batches", fileOf([dictionaryOf(LONG, 0)], 12), 12],
    [
      "by dictionaries in many fields",
      fileOf(
        columnsOf(12, (index) => dictionaryOf(LONG, index)),
        1,
      ),
      40,
    ],
    ["by views", fileOf([viewsOf(LONG, ROWS * 12)], 1), 12],
    ["by views in many batches", fileOf([viewsOf(LONG)], 12), 12],
    [
      "by views in many fields",
      fileOf(
        columnsOf(12, () => viewsOf(LONG)),
        1,
      ),
      40,
    ],
  ])("%s is refused, and takes no more memory than it justifies", (_, file, times) => {
    expect(file.length).toBeLessThan(1_100_000);
    const wanted = times * MEGABYTES;
    expect(wanted).toBeGreaterThan(800);
    const before = process.resourceUsage().maxRSS;
    expect(() => decodeArrow(file)).toThrow(
      /^field "f\d+": names the same texts so often that the file would become more than \d+ bytes of text/,
    );
    // In kilobytes; the most that the process ever had.
    const grown = (process.resourceUsage().maxRSS - before) / 1e3;
    expect(grown).toBeLessThan(wanted / 2);
  });

  test("is refused where the texts of one field would exceed 2 GiB, which a large file justifies", () => {
    const file = fileOf([viewsOf("x".repeat(40_000_000), 100)], 1);
    expect(() => decodeArrow(file)).toThrow(new ArrowError('field "f0", row 53: the texts exceed 2 GiB'));
  });

  test.each<[string, (index: number) => apache.Data]>([
    ["by dictionaries", (index) => dictionaryOf("a usual name of a host", index)],
    ["by views", () => viewsOf("a usual name of a host")],
  ])("%s as often as is usual is read", (_, values) => {
    const frame = decodeArrow(fileOf(columnsOf(2, values), 3));
    expect(frame.length).toBe(ROWS * 3);
    for (const field of frame.fields) {
      expect(new Set(valuesOf(field))).toEqual(new Set(["a usual name of a host"]));
    }
  });
});
