import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { QueryResult } from "@framewright/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csvContext, type RunningCsv, startCsv } from "../src/csv-plugin.js";
import { type TemporaryFolder, temporaryFolder } from "../src/temporary-folder.js";

const day = { from: new Date("2026-01-02T00:00:00Z"), to: new Date("2026-01-02T23:59:59.999Z") };

let csv: RunningCsv;
let folder: TemporaryFolder;

beforeAll(async () => {
  csv = await startCsv();
  folder = await temporaryFolder();
  await folder.write("good.csv", "time,value,ok\n2026-01-01,1,true\n2026-01-02T12:00:00Z,2.5,\n2026-01-03,3,false\n");
  await folder.write("ragged.csv", "a,b\n1,2\n3\n");
  await folder.write("quote.csv", 'a,b\n1,"two\n3,4\n');
  await folder.write("stray.csv", 'a,b\n1,"two"x\n');
  await folder.write("empty.csv", "");
});

afterAll(async () => {
  await csv[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function ask(...queries: Record<string, unknown>[]): Promise<ReadonlyMap<string, QueryResult>> {
  return csv.plugin.queryData({
    context: csvContext({ folder: folder.path }),
    queries: queries.map((json, index) => ({ refId: String.fromCharCode(65 + index), json, timeRange: day })),
  });
}

describe("a good query", () => {
  test("answers with the rows in the dashboard's time range", async () => {
    const answer = (await ask({ file: "good.csv" })).get("A");
    expect(answer).toMatchObject({ status: 200, error: undefined });
    expect(answer?.frames).toHaveLength(1);
    const [frame] = answer?.frames ?? [];
    expect(frame).toMatchObject({ refId: "A", length: 1 });
    expect(frame?.fields.map((field) => [field.name, field.column.type, field.nullable])).toEqual([
      ["time", "time", true],
      ["value", "float64", true],
      ["ok", "boolean", true],
    ]);
  });

  test("is answered beside a bad one of the same request", async () => {
    const answers = await ask({ file: "missing.csv" }, { file: "good.csv" }, { nothing: 1 });
    expect(answers.get("A")).toMatchObject({ status: 404, frames: [] });
    expect(answers.get("B")).toMatchObject({ status: 200, error: undefined });
    expect(answers.get("C")).toMatchObject({ status: 400, frames: [] });
  });
});

describe("a bad query is told what is wrong, and the next one works", () => {
  test.each([
    { name: "no file named", json: {}, status: 400, message: /query\.file/ },
    { name: "a file of the wrong type", json: { file: 7 }, status: 400, message: /query\.file.*number/ },
    { name: "a missing file", json: { file: "missing.csv" }, status: 404, message: /missing\.csv/ },
    { name: "a folder in place of a file", json: { file: "." }, status: 400, message: /not a (regular )?file|outside/ },
    { name: "a path outside the folder", json: { file: "../secret.csv" }, status: 400, message: /outside/ },
    { name: "an absolute path", json: { file: "/etc/passwd" }, status: 400, message: /outside|relative/ },
    { name: "a ragged row", json: { file: "ragged.csv" }, status: 400, message: /ragged\.csv.*line 3/ },
    { name: "a quote left open", json: { file: "quote.csv" }, status: 400, message: /quote\.csv.*line 2/ },
    { name: "text behind a closing quote", json: { file: "stray.csv" }, status: 400, message: /stray\.csv.*line 2/ },
    { name: "an empty file", json: { file: "empty.csv" }, status: 400, message: /empty\.csv/ },
  ])("$name", async ({ json, status, message }) => {
    const answer = (await ask(json)).get("A");
    expect(answer).toMatchObject({ status, errorSource: "downstream", frames: [] });
    expect(answer?.error).toMatch(message);
    expect((await ask({ file: "good.csv" })).get("A")?.status).toBe(200);
  });

  test("a symbolic link that leads out of the folder", async () => {
    await using outside = await temporaryFolder();
    await outside.write("secret.csv", "a\n1\n");
    await symlink(join(outside.path, "secret.csv"), join(folder.path, "link.csv"));
    const answer = (await ask({ file: "link.csv" })).get("A");
    expect(answer).toMatchObject({ status: 400, errorSource: "downstream" });
    expect(answer?.error).toMatch(/outside/);
    expect(answer?.error).not.toContain(outside.path);
  });

  test("settings without a folder", async () => {
    const query = { refId: "A", json: { file: "good.csv" }, timeRange: day };
    const broken = csvContext({ path: "/data" }, new Date(2_000));
    const answer = (await csv.plugin.queryData({ context: broken, queries: [query] })).get("A");
    expect(answer).toMatchObject({ status: 400, errorSource: "downstream" });
    expect(answer?.error).toMatch(/settings\.folder/);

    const mended = csvContext({ folder: folder.path }, new Date(3_000));
    expect((await csv.plugin.queryData({ context: mended, queries: [query] })).get("A")?.status).toBe(200);
  });

  test("two queries under one name", async () => {
    const query = { refId: "A", json: { file: "good.csv" }, timeRange: day };
    const answers = await csv.plugin.queryData({
      context: csvContext({ folder: folder.path }),
      queries: [query, query, { ...query, refId: "B" }],
    });
    expect(answers.get("A")).toMatchObject({ status: 400 });
    expect(answers.get("B")).toMatchObject({ status: 200 });
  });
});

describe("health", () => {
  test("is well for a folder that can be read", async () => {
    expect(await csv.plugin.checkHealth(csvContext({ folder: folder.path }))).toMatchObject({ status: "ok" });
  });

  test("says what is wrong with the settings", async () => {
    const health = await csv.plugin.checkHealth(csvContext({}, new Date(4_000)));
    expect(health).toMatchObject({ status: "error", message: expect.stringMatching(/settings\.folder/) });
  });

  test("says that the folder is missing", async () => {
    const gone = csvContext({ folder: join(folder.path, "gone") }, new Date(5_000));
    expect(await csv.plugin.checkHealth(gone)).toMatchObject({
      status: "error",
      message: expect.stringMatching(/gone/),
    });
  });
});

test("a file that changed is read anew", async () => {
  const path = await folder.write("growing.csv", "time,value\n2026-01-02T01:00:00Z,1\n");
  expect((await ask({ file: "growing.csv" })).get("A")?.frames[0]?.length).toBe(1);
  await writeFile(path, "time,value\n2026-01-02T01:00:00Z,1\n2026-01-02T02:00:00Z,2\n");
  expect((await ask({ file: "growing.csv" })).get("A")?.frames[0]?.length).toBe(2);
});

test("health is answered while a large file is being read", async () => {
  const rows = Array.from({ length: 400_000 }, (_, i) => `2026-01-02T12:00:00Z,${i}.25,row ${i}`);
  await folder.write("large.csv", `time,value,text\n${rows.join("\n")}\n`);
  let answered = false;
  const large = ask({ file: "large.csv" }).finally(() => {
    answered = true;
  });
  await csv.plugin.isServing();
  expect(answered).toBe(false);
  expect((await large).get("A")?.frames[0]?.length).toBe(400_000);
});
