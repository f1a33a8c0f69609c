import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, type ColumnBuilder, columnBuilder, type NumberColumnBuilder, valuesOf } from "../src/index.js";
import { frameErrorOf } from "./frame-error-of.js";

/** Cells, and the places where the list is cut into what is added at once. */
function cellsOf<T>(value: fc.Arbitrary<T>): fc.Arbitrary<[cells: (T | null)[], cuts: number[]]> {
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null)), { maxLength: 150 })
    .chain((cells) => fc.tuple(fc.constant(cells), fc.array(fc.nat(cells.length), { maxLength: 4 })));
}

function rangesOf(length: number, cuts: readonly number[]): [from: number, to: number][] {
  const ends = [...cuts, length].sort((a, b) => a - b);
  return ends.map((to, index) => [ends[index - 1] ?? 0, to]);
}

function lengthsOf(cells: readonly unknown[], length = 8): Int32Array {
  return Int32Array.from(cells, (cell) => (cell === null ? -1 : length));
}

/** The same rows, and nothing of what was there before where there is no value. */
function expectSame(many: FixedColumn, single: FixedColumn): void {
  expect([...valuesOf(many)]).toEqual([...valuesOf(single)]);
  expect([many.length, many.nullCount]).toEqual([single.length, single.nullCount]);
  expect(many.values.slice(0, many.length)).toEqual(single.values.slice(0, single.length));
}

type FixedColumn = Extract<Column, { readonly values: object }> & {
  readonly values: { slice(from: number, to: number): unknown };
};

describe("cells added at once are those added one by one", () => {
  test("texts", () => {
    fc.assert(
      fc.property(cellsOf(fc.string({ unit: "grapheme", maxLength: 40 })), ([cells, cuts]) => {
        const texts = cells.map((cell) => (cell === null ? undefined : new TextEncoder().encode(cell)));
        const source = new Uint8Array(texts.reduce((sum, text) => sum + 3 + (text?.length ?? 0), 0));
        // From behind, so that cells need not be in the order of their rows.
        let at = source.length;
        const starts = Int32Array.from(texts, (text) => {
          at -= 3 + (text?.length ?? 0);
          source.set(text ?? [], at);
          return at;
        });
        const lengths = Int32Array.from(texts, (text) => text?.length ?? -1);
        const builder = columnBuilder("string", { capacity: 1 });
        for (const [from, to] of rangesOf(cells.length, cuts)) {
          builder.appendCells(source, starts, lengths, from, to);
        }
        expect([...valuesOf(builder.finish())]).toEqual(cells);
      }),
    );
  });

  test.each(["int8", "int16", "int32", "uint8", "uint16", "uint32", "float32", "float64"] as const)("%s", (type) => {
    const value = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(), fc.double());
    fc.assert(
      fc.property(cellsOf(value), ([cells, cuts]) => {
        const single: ColumnBuilder<typeof type> = columnBuilder(type, { capacity: 1 });
        const many: NumberColumnBuilder<typeof type> = columnBuilder(type, { capacity: 1 });
        const numbers = Float64Array.from(cells, (cell) => cell ?? 7);
        const lengths = lengthsOf(cells);
        for (const [from, to] of rangesOf(cells.length, cuts)) {
          for (let cell = from; cell < to; ) {
            const next = many.appendNumbers(numbers, lengths, cell, to);
            for (; cell < next; cell++) {
              single.append(cells[cell]);
            }
            if (next < to) {
              expect(() => single.append(cells[next])).toThrow(String(cells[next]));
              cell = next + 1;
            }
          }
        }
        expectSame(many.finish(), single.finish());
      }),
    );
  });

  test("whole numbers of 64 bits", () => {
    fc.assert(
      fc.property(cellsOf(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), ([cells, cuts]) => {
        const source = BigInt64Array.from(cells, (cell) => cell ?? 7n);
        const builder = columnBuilder("int64", { capacity: 1 });
        for (const [from, to] of rangesOf(cells.length, cuts)) {
          builder.appendHalves(new Int32Array(source.buffer), lengthsOf(cells), from, to);
        }
        const column = builder.finish();
        expect([...valuesOf(column)]).toEqual(cells);
        // Where there is no value, nothing is sent of what was there before.
        expect([...column.values.subarray(0, cells.length)]).toEqual(cells.map((cell) => cell ?? 0n));
      }),
    );
  });

  test("moments", () => {
    const seconds = fc.oneof(
      fc.integer({ min: -9_223_372_040, max: 9_223_372_040 }),
      fc.constantFrom(-9_223_372_037, 9_223_372_036),
    );
    const moment = fc.tuple(seconds, fc.integer({ min: 0, max: 999_999_999 }));
    fc.assert(
      fc.property(cellsOf(moment), ([cells, cuts]) => {
        const single = columnBuilder("time", { capacity: 1 });
        const many = columnBuilder("time", { capacity: 1 });
        const allSeconds = Float64Array.from(cells, (cell) => cell?.[0] ?? 7);
        const nanoseconds = Int32Array.from(cells, (cell) => cell?.[1] ?? 7);
        for (const [from, to] of rangesOf(cells.length, cuts)) {
          for (let cell = from; cell < to; ) {
            const next = many.appendInstants(allSeconds, nanoseconds, lengthsOf(cells), cell, to);
            for (; cell < next; cell++) {
              const at = cells[cell];
              if (at === null || at === undefined) {
                single.appendNull();
              } else {
                single.appendInstant(...at);
              }
            }
            if (next < to) {
              const [second, nanosecond] = cells[next] ?? [0, 0];
              expect(() => single.appendInstant(second, nanosecond)).toThrow("outside the years");
              cell = next + 1;
            }
          }
        }
        expectSame(many.finish(), single.finish());
      }),
    );
  });
});

test("a number that does not fit ends what is added at once, and those before it are there", () => {
  const builder = columnBuilder("int8");
  expect(builder.appendNumbers(Float64Array.of(1, 0, 128, 4), Int32Array.of(1, -1, 1, 1), 0, 4)).toBe(2);
  expect([...valuesOf(builder.finish())]).toEqual([1, null]);
});

test("a cell that is not in the bytes is refused, and no row is added", () => {
  const builder = columnBuilder("string");
  const bytes = new Uint8Array(10);
  for (const [start, length] of [
    [8, 3],
    [-1, 2],
    [11, 0],
  ] as const) {
    expect(() => builder.appendCells(bytes, Int32Array.of(0, start), Int32Array.of(2, length), 0, 2)).toThrow(
      RangeError,
    );
  }
  expect(builder.length).toBe(0);
});

test("texts that would exceed 2 GiB are refused, and no row is added", () => {
  const builder = columnBuilder("string", { field: "t" });
  const bytes = new Uint8Array(2 ** 29);
  const starts = new Int32Array(4);
  const lengths = new Int32Array(4).fill(bytes.length);
  expect(frameErrorOf(() => builder.appendCells(bytes, starts, lengths, 0, 4)).message).toBe(
    'field "t", row 0: the texts of a field may not exceed 2 GiB',
  );
  expect(builder.length).toBe(0);
});
