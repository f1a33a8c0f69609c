import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { firstDifference } from "../src/first-difference.js";
import { missingPyarrow, runPythonForBytes } from "../src/python.js";

const reason = missingPyarrow();
if (reason !== undefined) {
  console.warn(`SKIPPED: the fixtures of pyarrow were not compared with what it writes now: ${reason}`);
}

test.skipIf(reason !== undefined)(
  "the fixture is what pyarrow writes, byte for byte; tools/integration/python/write_arrow_files.py writes it anew",
  async () => {
    const fixture = new URL("../../../packages/data/test/fixtures/pyarrow.jsonl", import.meta.url);
    const committed = await readFile(fixture);
    const written = await runPythonForBytes("write_arrow_files.py");
    // Not toEqual: a report of all differences in files of this size helps nobody.
    expect(written.equals(committed), firstDifference(written, committed)).toBe(true);
  },
);
