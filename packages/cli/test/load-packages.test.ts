import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasChanged, packagesIn } from "../src/dev/load-packages.js";

describe("packagesIn", () => {
  it("finds what is imported of packages, over several lines too", () => {
    const source = `import { a } from "one";
import {
  b,
  type C,
} from "@two/b/c";
import 'three';
import * as d from "four";
export { e } from "five";
import { readFile } from "node:fs/promises";
import { f } from "./six.js";
import { g } from "../seven.js";
const text = "import of nothing";
`;
    expect(packagesIn(source)).toEqual(["one", "@two/b/c", "three", "four", "five"]);
  });
});

describe("hasChanged", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "load-packages-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("tells a file that was written anew or is gone", async () => {
    const path = join(folder, "index.js");
    await writeFile(path, "1");
    await utimes(path, 1_000, 1_000);
    const module = { path, changedMs: 1_000_000 };
    expect(await hasChanged(module)).toBe(false);
    await utimes(path, 2_000, 2_000);
    expect(await hasChanged(module)).toBe(true);
    await rm(path);
    expect(await hasChanged(module)).toBe(true);
  });
});
