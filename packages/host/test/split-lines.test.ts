import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { type OutputLine, splitLines } from "../src/log/split-lines.js";

async function read(chunks: readonly (string | Buffer)[]): Promise<OutputLine[]> {
  const input = new PassThrough();
  const lines: OutputLine[] = [];
  splitLines(input, (line) => lines.push(line));
  for (const chunk of chunks) {
    input.write(chunk);
  }
  input.end();
  await new Promise((resolve) => input.once("close", resolve));
  return lines;
}

const line = (text: string) => ({ text, piece: false });

describe("splitLines", () => {
  it("cuts at line feeds, wherever the chunks end", async () => {
    expect(await read(["a\nb", "c\r", "\n\n", "d"])).toEqual([line("a"), line("bc"), line(""), line("d")]);
  });

  it("keeps characters whole that lie across chunks", async () => {
    const bytes = Buffer.from("grüße\n");
    expect(await read([bytes.subarray(0, 3), bytes.subarray(3)])).toEqual([line("grüße")]);
  });

  it("hands on what is longer than 64 KiB in pieces", async () => {
    const limit = 64 * 1024;
    const lines = await read([`${"x".repeat(limit)}\n`, "y".repeat(limit), `${"y".repeat(limit + 1)}\nz\n`]);
    expect(lines.map(({ text, piece }) => [text.slice(0, 1), text.length, piece])).toEqual([
      ["x", limit, false],
      ["y", limit, true],
      ["y", limit, true],
      ["y", 1, true],
      ["z", 1, false],
    ]);
  });
});
