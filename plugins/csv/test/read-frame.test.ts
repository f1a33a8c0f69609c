import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { valuesOf } from "@framewright/data";
import { DownstreamError } from "@framewright/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CsvFolder } from "../backend/csv-folder.js";
import { Query } from "../backend/query.js";
import { readFrame } from "../backend/read-frame.js";

const FILES = {
  "readings.csv": "id,at,value,seen\n1,2024-01-01,1.5,2024-02-01\n2,2024-01-02,,2024-01-15\n3,,3,2024-01-02\n",
  "plain.csv": "name;size\nx;1,5\n",
  "ragged.csv": "a,b\n1,2\n3\n",
};

let path: string;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "read-frame-"));
  await Promise.all(Object.entries(FILES).map(([name, text]) => writeFile(join(path, name), text)));
});

afterAll(() => rm(path, { recursive: true, force: true }));

const january = { from: new Date("2024-01-01"), to: new Date("2024-01-31") };

function ask(query: unknown, signal = new AbortController().signal) {
  return readFrame(new CsvFolder(path), Query.parse(query), january, signal);
}

async function rowsOf(query: unknown): Promise<Record<string, unknown[]>> {
  const { fields } = await ask(query);
  return Object.fromEntries(fields.map((field) => [field.name, [...valuesOf(field)]]));
}

describe("readFrame", () => {
  it("names the frame after the file and keeps the rows in range of the first time column", async () => {
    const frame = await ask({ file: "readings.csv" });
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
  ])("answers %j with a clear 400", async (query, message) => {
    const error: unknown = await ask(query).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DownstreamError);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(message) });
  });

  it("stops when the call is cancelled", async () => {
    await expect(ask({ file: "readings.csv" }, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
