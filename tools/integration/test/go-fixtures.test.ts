import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { firstDifference } from "../src/first-difference.js";
import { missingGo, runGoTool } from "../src/go-tools.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: the fixtures of the official Go SDK were not compared with what it writes now: ${reason}`);
}

describe.skipIf(reason !== undefined)("a fixture is what the official Go SDK writes, byte for byte", () => {
  test.each([
    { file: "go-frames.jsonl", command: "write" },
    { file: "go-series.jsonl", command: "series" },
  ])("$file; `pnpm fixtures` writes it anew", async ({ file, command }) => {
    const committed = await readFile(
      fileURLToPath(new URL(`../../../packages/data/test/fixtures/${file}`, import.meta.url)),
    );
    const written = await runGoTool("frames", command);
    // Not toEqual: a report of a megabyte of differences helps nobody.
    expect(written.equals(committed), firstDifference(written, committed)).toBe(true);
  });
});
