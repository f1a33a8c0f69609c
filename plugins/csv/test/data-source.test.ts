import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { valuesOf } from "@framewright/data";
import { testDataSource } from "@framewright/sdk/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CsvFolder } from "../backend/csv-folder.js";
import { dataSource } from "../backend/data-source.js";
import { Query } from "../backend/query.js";
import { readFrame } from "../backend/read-frame.js";

const FILES = {
  "readings.csv": "id,at,value,seen\n1,2024-01-01,1.5,2024-02-01\n2,2024-01-02,,2024-01-15\n3,,3,2024-01-02\n",
  "plain.csv": "name;size\nx;1,5\n",
  "ragged.csv": "a,b\n1,2\n3\n",
};

const january = { from: "2024-01-01", to: "2024-01-31" };

let folder: string;
let csv: ReturnType<typeof testDataSource>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "csv-data-source-"));
  await Promise.all(Object.entries(FILES).map(([name, text]) => writeFile(join(folder, name), text)));
  csv = testDataSource(dataSource, { settings: { folder } });
});

afterAll(async () => {
  await csv.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function rowsOf(query: unknown): Promise<Record<string, unknown[]>> {
  const { frame } = await csv.query(query, { timeRange: january });
  return Object.fromEntries(frame.fields.map((field) => [field.name, [...valuesOf(field)]]));
}

describe("a query", () => {
  it("names the frame after the file and keeps the rows in range of the first time column", async () => {
    const { frame } = await csv.query({ file: "readings.csv" }, { timeRange: january });
    expect(frame.name).toBe("readings.csv");
    expect(frame.fields.map(({ name, nullable, column }) => [name, nullable, column.type])).toEqual([
      ["id", true, "float64"],
      ["at", true, "time"],
      ["value", true, "float64"],
      ["seen", true, "time"],
    ]);
    expect(await rowsOf({ file: "readings.csv", columns: ["id", "value"] })).toEqual({
      id: [1, 2],
      value: [1.5, null],
    });
  });

  it("filters by the time column asked for, though it is not among the columns", async () => {
    expect(await rowsOf({ file: "readings.csv", timeColumn: "seen", columns: ["value", "id"] })).toEqual({
      value: [null, 3],
      id: [2, 3],
    });
  });

  it("gives a file without a time column whole, with another delimiter and chosen types", async () => {
    expect(await rowsOf({ file: "plain.csv", delimiter: ";" })).toEqual({ name: ["x"], size: ["1,5"] });
    expect(await rowsOf({ file: "readings.csv", types: { at: "string", seen: "string" }, columns: ["at"] })).toEqual({
      at: ["2024-01-01", "2024-01-02", null],
    });
  });

  it.each([
    [{ file: "ragged.csv" }, "ragged.csv: line 3 has 1 cell, the header has 2"],
    [{ file: "readings.csv", columns: ["id", "no"] }, 'readings.csv: has no column "no"; it has id, at, value, seen'],
    [{ file: "readings.csv", timeColumn: "no" }, 'readings.csv: has no column "no"'],
    [
      { file: "readings.csv", timeColumn: "id" },
      "query.timeColumn: id of readings.csv holds float64 values, not times",
    ],
    [
      { file: "readings.csv", types: { value: "boolean" } },
      'readings.csv: line 2, column "value": "1.5" is no boolean',
    ],
    [{ file: "readings.csv", types: { no: "time" } }, 'readings.csv: a type is set for the column "no"'],
    [{ file: "readings.csv", delimiter: ", " }, "query.delimiter: "],
    [{}, "query.file: "],
  ])("%j is answered with a clear 400", async (query, message) => {
    expect(await csv.query(query)).toMatchObject({
      status: 400,
      errorSource: "downstream",
      error: expect.stringContaining(message),
    });
  });

  it("stops when the call is cancelled", async () => {
    const range = { from: new Date(january.from), to: new Date(january.to) };
    const reading = readFrame(new CsvFolder(folder), Query.parse({ file: "readings.csv" }), range, AbortSignal.abort());
    await expect(reading).rejects.toThrow(/abort/i);
  });
});

describe("beside queries", () => {
  it("the health check counts the files, and says what is wrong with the folder", async () => {
    expect(await csv.checkHealth()).toEqual({ status: "ok", message: "The folder can be read. It holds 3 CSV files." });
    expect(await csv.with({ settings: { folder: "data" } }).checkHealth()).toEqual({
      status: "error",
      message: "settings.folder: must be an absolute path",
    });
    expect(await csv.with({ settings: { folder: join(folder, "no") } }).checkHealth()).toMatchObject({
      status: "error",
      message: expect.stringContaining("does not exist"),
    });
  });

  it("the frontend gets the list of files", async () => {
    const response = await csv.resource("files");
    expect(await response.json()).toMatchObject([
      { file: "plain.csv", bytes: 16 },
      { file: "ragged.csv", bytes: 10 },
      { file: "readings.csv" },
    ]);
  });
});
