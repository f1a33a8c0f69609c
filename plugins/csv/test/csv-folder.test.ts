import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DownstreamError } from "@framewright/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CsvFolder } from "../backend/csv-folder.js";

let base: string;
let folder: CsvFolder;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "csv-folder-")));
  await mkdir(join(base, "inside", "deep"), { recursive: true });
  await writeFile(join(base, "inside", "a.csv"), "x\n1\n");
  await writeFile(join(base, "inside", "deep", "B.CSV"), "x\n1\n2\n");
  await writeFile(join(base, "inside", "notes.txt"), "no table");
  await writeFile(join(base, "inside", "..dots.csv"), "x\n3\n");
  await writeFile(join(base, "secret.csv"), "x\n1\n");
  await mkdir(join(base, "inside-too"));
  await writeFile(join(base, "inside-too", "c.csv"), "x\n1\n");
  folder = new CsvFolder(join(base, "inside"));
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function contentOf(file: string): Promise<string> {
  const handle = await folder.open(file);
  try {
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** What `open` throws for a file that may not be opened. */
async function refusal(file: string): Promise<unknown> {
  const error: unknown = await contentOf(file).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(DownstreamError);
  expect(String(error)).not.toContain(base);
  return error;
}

describe("open", () => {
  it.each([
    ["a.csv", "x\n1\n"],
    ["deep/B.CSV", "x\n1\n2\n"],
    ["./deep/../a.csv", "x\n1\n"],
    ["..dots.csv", "x\n3\n"],
  ])("opens %s", async (file, content) => {
    expect(await contentOf(file)).toBe(content);
  });

  it.each(["../secret.csv", "deep/../../secret.csv", "..", "../inside-too/c.csv", "/etc/hostname"])(
    "refuses %s, which is outside",
    async (file) => {
      expect(await refusal(file)).toMatchObject({
        status: 400,
        message: expect.stringContaining(`${file}: is outside`),
      });
    },
  );

  it("follows a link inside the folder, and none that leads out of it", async () => {
    await symlink(join(base, "inside", "a.csv"), join(base, "inside", "good.csv"));
    await symlink(join(base, "secret.csv"), join(base, "inside", "bad.csv"));
    await symlink(base, join(base, "inside", "up"));
    expect(await contentOf("good.csv")).toBe("x\n1\n");
    for (const file of ["bad.csv", "up/secret.csv"]) {
      expect(await refusal(file)).toMatchObject({
        status: 400,
        message: expect.stringContaining("outside the folder"),
      });
    }
  });

  it.each([
    ["missing.csv", 404, "missing.csv: does not exist"],
    ["a.csv/b.csv", 404, "a.csv/b.csv: does not exist"],
    ["deep", 400, "deep: is not a file"],
    [".", 400, ".: is not a file"],
    ["a\0.csv", 400, "a\0.csv: is not a file name"],
    [`${"x".repeat(300)}.csv`, 400, "is too long a name"],
  ])("says what is wrong with %j", async (file, status, message) => {
    expect(await refusal(file)).toMatchObject({ status, message: expect.stringContaining(message) });
  });

  it.runIf(process.platform !== "win32")("does not wait for a named pipe", async () => {
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", join(base, "inside", "pipe.csv")]);
    expect(await refusal("pipe.csv")).toMatchObject({ status: 400, message: "pipe.csv: is not a file" });
  });
});

describe("list", () => {
  it("gives the CSV files of the folder and below, by path", async () => {
    await symlink(join(base, "secret.csv"), join(base, "inside", "link.csv"));
    expect(await folder.list()).toEqual([
      { file: "..dots.csv", bytes: 4, modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
      { file: "a.csv", bytes: 4, modified: expect.any(String) },
      { file: "deep/B.CSV", bytes: 6, modified: expect.any(String) },
    ]);
  });

  it.each([
    ["missing", 404, "does not exist"],
    ["secret.csv", 400, "is not a folder"],
  ])("says what is wrong with the folder %s", async (name, status, message) => {
    const failure = new CsvFolder(join(base, name)).list();
    await expect(failure).rejects.toMatchObject({ name: "DownstreamError", status });
    await expect(failure).rejects.toThrow(message);
  });
});
