import { describe, expect, it } from "vitest";
import {
  booleans,
  type Column,
  concatColumns,
  enums,
  type FieldType,
  fieldOf,
  fieldTypes,
  stringColumn,
  strings,
  valuesOf,
} from "../src/index.js";

/** Rows of each type, of which three columns are cut. */
const rows: { readonly [T in Exclude<FieldType, "enum">]: readonly unknown[] } = {
  int8: [-128, null, 127, 0, 1],
  int16: [-32_768, 1, 2, null, 3],
  int32: [1, 2, 3, 4, -2_147_483_648],
  int64: [1n, null, 9_007_199_254_740_993n, 3n, -4n],
  uint8: [0, 255, null, 1, 2],
  uint16: [0, 65_535, 1, 2, 3],
  uint32: [4_294_967_295, null, null, 1, 2],
  uint64: [18_446_744_073_709_551_615n, 1n, 2n, null, 3n],
  float32: [1.5, null, Number.NaN, 2.5, Number.POSITIVE_INFINITY],
  float64: [0.1, Number.NaN, null, 0.2, 0.3],
  time: [1_700_000_000_123_456_789n, null, 0n, -1n, 1n],
  string: ["one", null, "", "three — ü", "four"],
  json: [{ a: 1 }, null, [1, 2], "text", 3],
  boolean: [true, null, false, true, true],
};

const read = (column: Column): unknown[] => [...valuesOf(column)];
const made = (type: FieldType, values: readonly unknown[]): Column => fieldOf(type, values as never[]).column;

describe("concatColumns", () => {
  it.each(fieldTypes.filter((type) => type !== "enum"))("puts columns of %s behind each other", (type) => {
    const values = rows[type];
    const parts = [
      made(type, values.slice(0, 1)),
      made(type, []),
      made(type, values.slice(1, 3)),
      made(type, values.slice(3)),
    ];
    const joined = concatColumns(parts, "v");
    expect(joined.type).toBe(type);
    expect(read(joined)).toEqual(read(made(type, values)));
    expect(joined.nullCount).toBe(values.filter((value) => value === null).length);
  });

  it("puts columns of enums behind each other", () => {
    const [a, b] = [enums(["x", "y"]), enums(["x", "y", null])];
    expect(read(concatColumns([a.column, b.column], "v"))).toEqual([...read(a.column), ...read(b.column)]);
  });

  it("takes texts that begin within their bytes, and arrays that are longer than the rows", () => {
    const within = stringColumn(Int32Array.of(4, 6), new TextEncoder().encode("skiponrest"));
    expect(read(concatColumns([within, strings(["off"]).column], "v"))).toEqual(["on", "off"]);
    const longer = { ...booleans([true, false, true]).column, length: 1 };
    expect(read(concatColumns([longer, booleans([false]).column], "v"))).toEqual([true, false]);
  });

  it("refuses no parts at all", () => {
    expect(() => concatColumns([], "v")).toThrow(/there is no part to make a column of/);
  });
});
