import { describe, expect, test } from "vitest";
import { MessageReader } from "../backend/postgres/message-reader.js";
import { BATCH_ROWS, RowBatch } from "../backend/postgres/row-batch.js";

/** A DataRow with these cells. */
function row(...cells: readonly (string | null)[]): Buffer {
  const parts = cells.map((cell) => Buffer.concat([int32(cell === null ? -1 : cell.length), Buffer.from(cell ?? "")]));
  return dataRow(Buffer.from([cells.length >> 8, cells.length & 0xff]), ...parts);
}

function dataRow(...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from("D"), int32(content.length + 4), content]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const other = Buffer.from("C\0\0\0\x05\0");

/** All rows of what comes in pieces of this size, and how many there were in each batch. */
function read(
  bytes: Buffer,
  columns: number,
  most: number,
  size: number,
): [rows: (string | null)[][], found: number[]] {
  const reader = new MessageReader();
  const batch = new RowBatch(columns);
  const rows: (string | null)[][] = [];
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    reader.push(Buffer.from(bytes.subarray(at, at + size)));
    while (reader.next()) {
      if (reader.bytes[reader.start - 5] !== 0x44) {
        continue;
      }
      const count = batch.find(reader, most);
      found.push(count);
      for (let index = 0; index < count; index++) {
        const cells = batch.places.slice(0, columns).map(({ starts, lengths }) => {
          const [start = 0, length = 0] = [starts[index], lengths[index]];
          return length < 0 ? null : batch.bytes.toString("utf8", start, start + length);
        });
        rows.push(cells);
      }
    }
  }
  return [rows, found];
}

describe("rows", () => {
  const texts = Array.from({ length: 700 }, (_, n) => [`${n}`, n % 3 === 0 ? null : "x".repeat(n % 90), ""]);
  const bytes = Buffer.concat([...texts.map((cells) => row(...cells)), other]);

  test.each([1, 2, 7, 64, 1_000, 65_536])("are found in pieces of %d bytes", (size) => {
    const [rows, found] = read(bytes, 3, Number.POSITIVE_INFINITY, size);
    expect(rows).toEqual(texts);
    expect(Math.max(...found)).toBeLessThanOrEqual(BATCH_ROWS);
  });

  test("that came together are found together, no more than are wanted", () => {
    expect(read(bytes, 3, Number.POSITIVE_INFINITY, bytes.length)[1]).toEqual([256, 256, 188]);
    expect(read(bytes, 3, 300, bytes.length)[1]).toEqual([256, 256, 188]);
    expect(read(bytes, 3, 100, bytes.length)[1]).toEqual([100, 100, 100, 100, 100, 100, 100]);
  });

  test("end where another message comes", () => {
    const mixed = Buffer.concat([row("a"), row("b"), other, row("c")]);
    expect(read(mixed, 1, 9, mixed.length)).toEqual([
      [["a"], ["b"], ["c"]],
      [2, 1],
    ]);
  });

  test("may have no columns, or very many", () => {
    const none = Buffer.concat([row(), row()]);
    expect(read(none, 0, 9, none.length)).toEqual([[[], []], [2]]);
    const many = Array.from({ length: 9_000 }, (_, n) => `${n}`);
    const wide = Buffer.concat([row(...many), row(...many)]);
    expect(read(wide, 9_000, 9, wide.length)).toEqual([
      [many, many],
      [1, 1],
    ]);
  });

  test.each([
    ["no room for its cells", dataRow()],
    ["a cell beyond its end", dataRow(Buffer.from([0, 1]), int32(5), Buffer.from("abcd"))],
    ["a cell of 2 GiB", dataRow(Buffer.from([0, 1]), int32(0x7fff_ffff), Buffer.from("abcd"))],
    ["more than its cells", dataRow(Buffer.from([0, 1]), int32(-1), Buffer.from("abcd"))],
    ["a length below that of its header", Buffer.concat([Buffer.from("D"), int32(-7), Buffer.alloc(9)])],
  ])("are none with %s, also behind others", (_, broken) => {
    for (const bytes of [broken, Buffer.concat([row("a"), broken]), Buffer.concat([row("a"), broken, row("b")])]) {
      expect(() => read(bytes, 1, 9, bytes.length)).toThrow(/^the server sent what cannot be read/);
    }
  });
});
