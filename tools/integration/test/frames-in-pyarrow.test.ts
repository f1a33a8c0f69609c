import { fileURLToPath } from "node:url";
import { encodeArrow, type Frame, frame } from "@framewright/data";
import { describe, expect, test } from "vitest";
import { goFrames, goFramesFile, rebuilt } from "../src/go-frames.js";
import { missingPyarrow, runPython } from "../src/python.js";
import { temporaryFolder } from "../src/temporary-folder.js";

const reason = missingPyarrow();
if (reason !== undefined) {
  console.warn(`SKIPPED: what ours encodes was not read by pyarrow: ${reason}`);
}

const frames = goFrames();

async function compare(given: readonly { id: string; frame: Frame }[]): Promise<unknown> {
  await using folder = await temporaryFolder();
  const lines = given.map(({ id, frame }) =>
    JSON.stringify({ id, arrow: Buffer.from(encodeArrow(frame)).toString("base64") }),
  );
  const file = await folder.write("frames.jsonl", `${lines.join("\n")}\n`);
  return await runPython("compare_arrow_to_go.py", file, fileURLToPath(goFramesFile));
}

describe.skipIf(reason !== undefined)("pyarrow reads equal tables", () => {
  const values = frames.reduce((sum, { frame }) => sum + frame.length * frame.fields.length, 0);

  test.each([
    ["in frames that ours read in the SDK's files", frames],
    ["in frames that ours built from the values", frames.map((go) => ({ id: go.id, frame: rebuilt(go) }))],
  ])("%s", async (_, given) => {
    expect(await compare(given)).toEqual({ checked: frames.length, values, mismatches: [] });
  });

  test("and the comparison finds what is not the same", async () => {
    const [first, second] = frames.filter(({ frame }) => frame.length > 1);
    const swapped = { id: first?.id ?? "", frame: second?.frame ?? frame("none", []) };
    expect(await compare([swapped])).toMatchObject({
      checked: 1,
      mismatches: expect.arrayContaining([expect.any(String)]),
    });
  });
});
