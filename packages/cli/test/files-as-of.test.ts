import { mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesAsOf } from "../src/dev/files-as-of.js";

describe("filesAsOf", () => {
  let folder: string;
  let path: string;
  /** Long after the files of a test were written. */
  const later = Date.now() + 3_600_000;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "files-as-of-"));
    path = join(folder, "index.js");
    await writeFile(path, "1");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("tells a file that was written anew", async () => {
    const hasChanged = filesAsOf([path, join(folder, "none.js")], later);
    expect(hasChanged()).toBe(false);
    await expect
      .poll(async () => {
        await writeFile(path, "2");
        return hasChanged();
      })
      .toBe(true);
  });

  it("tells it where the time of the content was set back, as by package managers", async () => {
    const { atime, mtime } = await stat(path);
    const hasChanged = filesAsOf([path], later);
    await expect
      .poll(async () => {
        await writeFile(path, "2");
        await utimes(path, atime, mtime);
        return hasChanged();
      })
      .toBe(true);
  });

  it("tells a file that is gone, and one that was not there", async () => {
    const isGone = filesAsOf([path], later);
    const isThere = filesAsOf([join(folder, "package.json")], later);
    await rm(path);
    expect(isGone()).toBe(true);
    expect(isThere()).toBe(false);
    await writeFile(join(folder, "package.json"), "{}");
    expect(isThere()).toBe(true);
  });

  it("takes a file for changed that was written after it may have been read", async () => {
    const { ctimeMs } = await stat(path);
    expect(filesAsOf([path], ctimeMs - 1)()).toBe(true);
    expect(filesAsOf([path], ctimeMs + 1_000)()).toBe(false);
  });
});
