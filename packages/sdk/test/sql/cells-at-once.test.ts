import { type Notice, type Value, valuesOf } from "@framewright/data";
import { describe, expect, test } from "vitest";
import {
  boolean,
  bytes,
  type CellWriter,
  type ColumnType,
  columnType,
  decimal,
  float32,
  float64,
  int8,
  int64,
  json,
  RowCounter,
  resultBuilder,
  text,
  timestamp,
  uint64,
  uuid,
} from "../../src/sql/index.js";

const types: Readonly<Record<string, ColumnType>> = {
  boolean,
  decimal,
  float32,
  float64,
  int8,
  int64,
  json,
  text,
  timestamp,
  uint64,
  uuid,
  bytes: bytes("hex"),
  "one's own": columnType("int32", { fromText: (_, start, end) => end - start }),
};

/** A cell without a value among others; at both ends is one that is not to be added. */
const lengths = Int32Array.of(8, 8, 8, -1, 8, 8, 8, 8);
const FROM = 1;
const TO = lengths.length - 1;

/** What a writer has made of cells that are added at once, and of the same one by one. */
function bothWays(
  type: ColumnType,
  atOnce: (writer: CellWriter) => void,
  single: (writer: CellWriter, cell: number) => void,
): [many: Read, one: Read] {
  const many = type.writer("c");
  atOnce(many);
  const one = type.writer("c");
  for (let cell = FROM; cell < TO; cell++) {
    if ((lengths[cell] ?? 0) < 0) {
      one.appendNull();
    } else {
      single(one, cell);
    }
  }
  return [read(many), read(one)];
}

type Read = readonly [values: Value[], notices: readonly Notice[]];

function read(writer: CellWriter): Read {
  const { column, notices } = writer.finish();
  return [[...valuesOf(column)], notices];
}

describe.each(Object.entries(types))("cells of the type %s added at once are those added one by one", (_, type) => {
  test("texts", () => {
    const texts = ["-", "2024-05-31", "true", "", "1.5", "no number", "300", "-"];
    const source = Buffer.from(texts.join(""));
    const ends = texts.map((__, index) => texts.slice(0, index + 1).join("").length);
    const sizes = Int32Array.from(texts, (cell, index) => (index === 3 ? -1 : cell.length));
    const starts = Int32Array.from(ends, (end, index) => end - (texts[index]?.length ?? 0));
    const [many, one] = bothWays(
      type,
      (writer) => writer.appendTexts(source, starts, sizes, FROM, TO),
      (writer, cell) => writer.appendText(source, starts[cell], ends[cell]),
    );
    expect(many).toEqual(one);
  });

  test("numbers", () => {
    const numbers = Float64Array.of(1, 2, 300, 3, -1, 1.5, Number.NaN, 4);
    const [many, one] = bothWays(
      type,
      (writer) => writer.appendNumbers(numbers, lengths, FROM, TO),
      (writer, cell) => writer.appendNumber(numbers[cell] ?? 0),
    );
    expect(many).toEqual(one);
  });

  test("whole numbers of 64 bits", () => {
    const integers = BigInt64Array.of(1n, 2n, -(2n ** 63n), 3n, 2n ** 63n - 1n, -1n, 2n ** 53n + 1n, 4n);
    const [many, one] = bothWays(
      type,
      (writer) => writer.appendIntegers(new Int32Array(integers.buffer), lengths, FROM, TO),
      (writer, cell) =>
        ["string", "json"].includes(type.field)
          ? writer.append(integers[cell])
          : writer.appendText(String(integers[cell])),
    );
    expect(many).toEqual(one);
  });

  test("moments", () => {
    const seconds = Float64Array.of(1, -1, 1e11, 5, 0, -1e11, 1_700_000_000, 9);
    const nanoseconds = Int32Array.of(1, 999_999_999, 0, 5, 0, 0, 123_456_789, 9);
    const [many, one] = bothWays(
      type,
      (writer) => writer.appendInstants(seconds, nanoseconds, lengths, FROM, TO),
      (writer, cell) => writer.appendInstant(seconds[cell] ?? 0, nanoseconds[cell] ?? 0),
    );
    expect(many).toEqual(one);
  });
});

test("rows are counted up to the limit, and the one behind it is told of", () => {
  const counter = new RowCounter(5);
  const result = resultBuilder([{ name: "n", type: int64 }], counter);
  expect([result.startRows(3), result.startRows(2)]).toEqual([3, 2]);
  expect([counter.exceeded, result.startRows(0), counter.exceeded]).toEqual([false, 0, false]);
  expect([result.startRows(4), counter.exceeded, counter.rows]).toEqual([0, true, 5]);
});

test("a limit within rows that came together takes those before it", () => {
  const counter = new RowCounter(5);
  const result = resultBuilder([{ name: "n", type: int64 }], counter);
  const taken = result.startRows(8);
  result.cells[0]?.appendNumbers(new Float64Array(8), new Int32Array(8), 0, taken);
  const { length, meta } = result.finish();
  expect([length, meta?.notices?.length]).toEqual([5, 1]);
});

test("in a column of times, whole numbers are what their text is: no moment", () => {
  const writer = timestamp.writer("t");
  writer.appendIntegers(Int32Array.of(5, 0), Int32Array.of(8), 0, 1);
  const { column, notices } = writer.finish();
  expect([...valuesOf(column)]).toEqual([null]);
  expect(notices[0]?.text).toContain('first "5" in row 1');
});
