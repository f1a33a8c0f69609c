import { describe, expect, it } from "vitest";
import { type CsvColumn, type CsvTable, readCsv } from "../src/csv/index.js";
import { bytesOf, valuesOf } from "./csv-support.js";

async function tableOf(text: string): Promise<CsvTable> {
  return readCsv(bytesOf(text));
}

function columnOf(table: CsvTable, name: string): CsvColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}

const READINGS = `time,value,place
2024-01-01T00:00:00Z,1,north
2024-01-01T00:00:00.000000001Z,,south
,3,"east ""side"""
 2024-01-01T00:00:01Z ,4,
2024-01-01T00:00:01.000000001Z,5,west
2023-12-31T23:59:59.999999999Z,6,north
`;

describe("rowsWithin", () => {
  it("includes both ends, to the nanosecond, and leaves out rows without a time", async () => {
    const table = await tableOf(READINGS);
    const from = Date.UTC(2024, 0, 1);
    const time = columnOf(table, "time");
    expect([...(await table.rowsWithin(time, { from, to: from + 1000 }))]).toEqual([0, 1, 3]);
    expect([...(await table.rowsWithin(time, { from, to: from }))]).toEqual([0]);
    expect([...(await table.rowsWithin(time, { from: from + 1, to: from + 5000 }))]).toEqual([3, 4]);
    expect([...(await table.rowsWithin(time, { from: from - 1, to: from - 1 }))]).toEqual([]);
    expect([...(await table.rowsWithin(time, { from: -Infinity, to: Infinity }))]).toEqual([0, 1, 3, 4, 5]);
  });

  it("refuses a column of another type", async () => {
    const table = await tableOf(READINGS);
    const failure = table.rowsWithin(columnOf(table, "value"), { from: 0, to: 1 });
    await expect(failure).rejects.toThrow('the column "value" holds float64 values, not times');
  });
});

describe("toFields", () => {
  it("makes every column of every row, each nullable", async () => {
    const table = await tableOf(READINGS);
    const fields = await table.toFields();
    expect(fields.map(({ name, nullable, column }) => [name, nullable, column.type, column.nullCount])).toEqual([
      ["time", true, "time", 1],
      ["value", true, "float64", 1],
      ["place", true, "string", 1],
    ]);
    expect(fields.map((field) => valuesOf(field).slice(0, 4))).toEqual([
      [1704067200000000000n, 1704067200000000001n, null, 1704067201000000000n],
      [1, null, 3, 4],
      ["north", "south", 'east "side"', null],
    ]);
  });

  it("makes the rows and columns asked for, in the order asked for", async () => {
    const table = await tableOf(READINGS);
    const columns = [columnOf(table, "place"), columnOf(table, "value")];
    const fields = await table.toFields({ columns, rows: Uint32Array.of(5, 2, 2) });
    expect(fields.map(valuesOf)).toEqual([
      ["north", 'east "side"', 'east "side"'],
      [6, 3, 3],
    ]);
    expect(fields.every((field) => field.nullable && field.column.validity === undefined)).toBe(true);
  });

  it("gives each column exactly the memory its layout says", async () => {
    const table = await tableOf(READINGS);
    const [time, , place] = await table.toFields({ rows: Uint32Array.of(0, 3, 4) });
    expect(time?.column).toMatchObject({ type: "time", length: 3, nullCount: 0, validity: undefined });
    expect(place?.column).toMatchObject({ length: 3, nullCount: 1, offsets: Int32Array.of(0, 5, 5, 9) });
    expect(place?.column.type === "string" && place.column.bytes.length).toBe(9);
  });

  it("makes no rows of none", async () => {
    const table = await tableOf(READINGS);
    expect((await table.toFields({ rows: new Uint32Array(0) })).map(valuesOf)).toEqual([[], [], []]);
  });

  it("keeps short and long texts in one column", async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => "äb".repeat(i % 40) + i);
    const table = await tableOf(`t\n${texts.join("\n")}`);
    const [field] = await table.toFields({ columns: table.columns });
    expect(field && valuesOf(field)).toEqual(texts);
  });

  it("refuses rows that are not there", async () => {
    const table = await tableOf(READINGS);
    await expect(table.toFields({ rows: Uint32Array.of(0, 6) })).rejects.toThrow("there is no row 6: the table has 6");
  });
});

describe("long work", () => {
  const large = `time,value,text\n${Array.from({ length: 200_000 }, (_, i) => `2024-01-01T00:00:${`${i % 60}`.padStart(2, "0")}Z,${i / 7},text ${i}\n`).join("")}`;

  /** How often the event loop went round while the work ran. */
  async function turns<T>(work: Promise<T>): Promise<[T, number]> {
    let count = 0;
    let running = true;
    const turn = () => {
      count++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    const result = await work;
    running = false;
    return [result, count];
  }

  it("gives way to the event loop", async () => {
    const [table, whileReading] = await turns(readCsv(bytesOf(large)));
    expect(whileReading).toBeGreaterThan(2);
    const [fields, whileMaking] = await turns(table.toFields());
    expect(whileMaking).toBeGreaterThan(2);
    expect(fields[0]?.column.length).toBe(200_000);
  });

  it("stops when the signal says so, with its reason", async () => {
    const reason = new Error("no longer wanted");
    const abortSoon = () => {
      const controller = new AbortController();
      setImmediate(() => controller.abort(reason));
      return controller.signal;
    };
    const table = await readCsv(bytesOf(large));
    const time = columnOf(table, "time");
    await expect(readCsv(bytesOf(large), { signal: abortSoon() })).rejects.toBe(reason);
    await expect(table.toFields({ signal: abortSoon() })).rejects.toBe(reason);
    await expect(table.rowsWithin(time, { from: 0, to: 1 }, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it("stops asking a source for more once aborted", async () => {
    const controller = new AbortController();
    let asked = 0;
    async function* source() {
      for (;;) {
        if (++asked === 3) controller.abort();
        yield bytesOf("a\n1\n");
      }
    }
    await expect(readCsv(source(), { signal: controller.signal })).rejects.toThrow();
    expect(asked).toBe(3);
  });
});
