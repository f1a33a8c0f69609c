import {
  type EncodeArrowOptions,
  encodeArrow,
  encodeJson,
  encodeJsonData,
  encodeJsonSchema,
  type Frame,
  frame,
  numbers,
} from "@framewright/data";
import { describe, expect, test } from "vitest";
import { goFrames, rebuilt } from "../src/go-frames.js";
import { missingGo, runGoTool } from "../src/go-tools.js";
import { temporaryFolder } from "../src/temporary-folder.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: what ours encodes was not read by the official Go SDK: ${reason}`);
}

interface CheckReport {
  readonly checked: number;
  readonly total: number;
  readonly failures: readonly { readonly id: string; readonly what: string; readonly detail: string }[];
}

/** Has the official SDK compare what ours writes with what it makes of the same frames itself. */
async function check(
  frames: readonly { id: string; frame: Frame }[],
  options?: EncodeArrowOptions,
): Promise<CheckReport> {
  await using folder = await temporaryFolder();
  const lines = frames.map(({ id, frame }) =>
    JSON.stringify({
      id,
      arrow: Buffer.from(encodeArrow(frame, options)).toString("base64"),
      json: encodeJson(frame),
      schemaJson: encodeJsonSchema(frame),
      dataJson: encodeJsonData(frame),
    }),
  );
  const file = await folder.write("frames.jsonl", `${lines.join("\n")}\n`);
  return JSON.parse((await runGoTool("frames", "check", file)).toString());
}

const frames = goFrames();

describe.skipIf(reason !== undefined)(
  "the official SDK reads equal frames, and JSON that is its own to the letter,",
  () => {
    test.each([
      ["in frames that ours read in the SDK's files", frames, {}],
      ["in the same with a checksum", frames, { checksum: true }],
      ["in frames that ours built from the values", frames.map((go) => ({ id: go.id, frame: rebuilt(go) })), {}],
    ])("%s", async (_, given, options) => {
      const { checked, total, failures } = await check(given, options);
      expect(failures).toEqual([]);
      expect(checked).toBe(total);
      expect(total).toBe(frames.length);
    });

    test("and finds it where they are not the same", async () => {
      const wrong = { id: frames[0]?.id ?? "", frame: frame("another", { v: numbers([1]) }) };
      const { failures } = await check([wrong]);
      expect(failures.map(({ id, what }) => `${id} ${what}`)).toEqual(
        ["arrow", "json", "jsonText", "schemaJsonText", "dataJsonText"].map((what) => `${wrong.id} ${what}`),
      );
    });
  },
);
