import { valuesOf } from "@framewright/data";
import { resultBuilder } from "@framewright/sdk/sql";
import { describe, expect, it, test } from "vitest";
import { binaryReader, binaryReaders, isBinarySafe } from "../backend/mysql/binary-cells.js";
import type { ColumnDefinition } from "../backend/mysql/column-definition.js";
import { typeOfColumn } from "../backend/mysql/column-types.js";
import { TypeNumber } from "../backend/mysql/type-numbers.js";

const column = (type: number, more: Partial<ColumnDefinition> = {}): ColumnDefinition => ({
  name: "c",
  type,
  length: 0,
  isUnsigned: false,
  isBinary: false,
  decimals: 0,
  extended: "",
  ...more,
});

/** Reads cells one after the other. @returns the values, and the notices' texts */
function read(definition: ColumnDefinition, ...cells: readonly (readonly number[])[]): [unknown[], string[]] {
  const result = resultBuilder([{ name: "c", type: typeOfColumn(definition) }]);
  const [cell] = result.cells;
  const reader = binaryReader(definition);
  const row = Buffer.from([0xaa, ...cells.flat()]);
  let at = 1;
  for (const bytes of cells) {
    result.startRow();
    const next = cell === undefined ? undefined : reader?.(cell, row, at, row.length);
    at += bytes.length;
    expect(next).toBe(at);
  }
  const frame = result.finish();
  return [frame.fields.flatMap((field) => [...valuesOf(field)]), frame.meta?.notices?.map(({ text }) => text) ?? []];
}

describe("cells of binary rows", () => {
  test.each([
    ["TINYINT", 1, [0x80], [-128]],
    ["SMALLINT", 2, [0xfe, 0xff], [-2]],
    ["INT", 3, [0, 0, 0, 0x80], [-2147483648]],
    ["MEDIUMINT", 9, [0xff, 0xff, 0xff, 0xff], [-1]],
    ["BIGINT", 8, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-1n]],
    ["a long BIGINT", 8, [1, 0, 0, 0, 0, 0, 0, 0x80], [-9223372036854775807n]],
    ["YEAR", 13, [0xe8, 0x07], [2024]],
    ["DECIMAL", 246, [4, 0x2d, 0x31, 0x2e, 0x35], [-1.5]],
    ["VARCHAR", 253, [3, 0x61, 0x62, 0x63], ["abc"]],
    ["an empty VARCHAR", 253, [0], [""]],
    ["BIT", 16, [2, 1, 2], [258n]],
  ] as const)("%s", (_, type, bytes, values) => {
    expect(read(column(type), bytes)).toEqual([values, []]);
  });

  test.each([
    ["TINYINT", 1, [0x80], [128]],
    ["SMALLINT", 2, [0xfe, 0xff], [65534]],
    ["INT", 3, [0, 0, 0, 0x80], [2147483648]],
    ["BIGINT", 8, [0, 0, 0, 0, 1, 0, 0, 0], [4294967296n]],
    ["a long BIGINT", 8, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [18446744073709551615n]],
  ] as const)("%s without a sign", (_, type, bytes, values) => {
    expect(read(column(type, { isUnsigned: true }), bytes)).toEqual([values, []]);
  });

  it("has texts with lengths of several bytes", () => {
    expect(
      read(column(252), [0xfc, 2, 0, 0x61, 0x62], [0xfd, 1, 0, 0, 0x63], [0xfe, 1, 0, 0, 0, 0, 0, 0, 0, 0x64]),
    ).toEqual([["ab", "c", "d"], []]);
  });

  it("has moments of every length, which may be on the same day", () => {
    const day = [0xe8, 0x07, 2, 29];
    const midnight = BigInt(Date.parse("2024-02-29T00:00:00Z")) * 1_000_000n;
    expect(
      read(
        column(TypeNumber.datetime, { decimals: 6 }),
        [4, ...day],
        [7, ...day, 23, 59, 58],
        [11, ...day, 0, 0, 0, 0x40, 0xe2, 0x01, 0],
        [4, 0xb1, 0x07, 12, 31],
      ),
    ).toEqual([[midnight, midnight + 86_398_000_000_000n, midnight + 123_456_000n, -86_400_000_000_000n], []]);
  });

  test.each([
    [0, 0n],
    [1, 900_000_000n],
    [3, 987_000_000n],
    [6, 987_654_000n],
  ])("has as many digits of a second as its column: %d", (decimals, nanoseconds) => {
    const midnight = BigInt(Date.parse("2024-02-29T00:00:00Z")) * 1_000_000n;
    const cell = [11, 0xe8, 0x07, 2, 29, 0, 0, 0, 0x06, 0x12, 0x0f, 0];
    expect(read(column(TypeNumber.datetime, { decimals }), cell)).toEqual([[midnight + nanoseconds], []]);
  });

  test.each([
    [TypeNumber.date, 0, [0], "0000-00-00"],
    [TypeNumber.datetime, 0, [0], "0000-00-00 00:00:00"],
    [TypeNumber.timestamp, 2, [0], "0000-00-00 00:00:00.00"],
    [TypeNumber.date, 0, [4, 0xe8, 0x07, 0, 0], "2024-00-00"],
    [TypeNumber.date, 0, [4, 0xe7, 0x07, 2, 29], "2023-02-29"],
    [TypeNumber.date, 0, [4, 1, 0, 1, 2], "0001-01-02"],
    [TypeNumber.datetime, 3, [11, 0x0f, 0x27, 12, 31, 1, 2, 3, 0x40, 0xe2, 0x01, 0], "9999-12-31 01:02:03.123"],
  ])("type %d, decimals %d, %j: is told of as the server's text, %s", (type, decimals, bytes, text) => {
    const [values, notices] = read(column(type, { decimals }), bytes);
    expect([values, notices]).toEqual([[null], [expect.stringContaining(`"${text}" in row 1`)]]);
  });

  test.each([
    ["a time", TypeNumber.datetime, [5, 0, 0, 0, 0, 0]],
    ["a text", 253, [4, 0x61, 0x62, 0x63]],
    ["a number", 8, [1, 2, 3]],
  ])("%s that is not there is no cell", (_, type, bytes) => {
    expect(() => read(column(type), bytes)).toThrow(RangeError);
  });
});

describe("columns that come as text", () => {
  test.each([
    ["FLOAT", column(4, { decimals: 31 })],
    ["DOUBLE with two decimals", column(TypeNumber.double, { decimals: 2 })],
    ["TIME", column(11)],
    ["a type that is not known", column(200)],
    ["DATETIME with decimals that no type has", column(TypeNumber.datetime, { decimals: 31 })],
    ["TINYINT UNSIGNED with four digits", column(TypeNumber.tinyint, { isUnsigned: true, length: 4 })],
    ["TINYINT with five characters", column(TypeNumber.tinyint, { length: 5 })],
    ["SMALLINT UNSIGNED with six digits", column(TypeNumber.smallint, { isUnsigned: true, length: 6 })],
    ["MEDIUMINT UNSIGNED with nine digits", column(TypeNumber.mediumint, { isUnsigned: true, length: 9 })],
    ["INT UNSIGNED with eleven digits", column(TypeNumber.int, { isUnsigned: true, length: 11 })],
    ["INT with twelve characters", column(TypeNumber.int, { length: 12 })],
  ])("%s", (_, definition) => {
    expect(binaryReader(definition)).toBeUndefined();
    expect(isBinarySafe([column(3), definition])).toBe(false);
    expect(() => binaryReaders([column(3), definition])).toThrow('the column "c" has to come as text');
  });

  test.each([
    ["TINYINT", TypeNumber.tinyint, 4, 3],
    ["SMALLINT", TypeNumber.smallint, 6, 5],
    ["MEDIUMINT", TypeNumber.mediumint, 9, 8],
    ["INT", TypeNumber.int, 11, 10],
    ["BIGINT", TypeNumber.bigint, 21, 21],
    ["YEAR", TypeNumber.year, 4, 4],
  ])("are not those of a %s that is as long as its values", (_, type, signed, unsigned) => {
    expect(binaryReader(column(type, { length: signed }))).toBeDefined();
    expect(binaryReader(column(type, { length: unsigned, isUnsigned: true }))).toBeDefined();
  });

  it("are not those of a DOUBLE whose decimals are not fixed", () => {
    expect(
      [31, 39].map((decimals) => read(column(TypeNumber.double, { decimals }), [0, 0, 0, 0, 0, 0, 0xf8, 0x3f])),
    ).toEqual([
      [[1.5], []],
      [[1.5], []],
    ]);
  });

  it("are those of a result without any", () => {
    expect([isBinarySafe([]), isBinarySafe([column(3)])]).toEqual([false, true]);
  });
});
