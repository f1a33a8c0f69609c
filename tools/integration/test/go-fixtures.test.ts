import { expect, test } from "vitest";
import { missingGo, runGoTool } from "../src/go-tools.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: the fixtures were not made anew with the official Go SDK: ${reason}`);
}

test.skipIf(reason !== undefined)("the oracle writes the same bytes each time", async () => {
  const [first, second] = await Promise.all([runGoTool("frames", "write"), runGoTool("frames", "write")]);
  expect(first.length).toBeGreaterThan(0);
  expect(first.equals(second)).toBe(true);
});
