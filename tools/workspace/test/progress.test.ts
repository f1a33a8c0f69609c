import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { isCi, startProgress } from "../src/progress.mjs";

describe("startProgress", () => {
  it("writes plain lines with the elapsed time into a log", () => {
    const stream = new PassThrough({ encoding: "utf8" });
    let time = 1000;
    const progress = startProgress("build", { stream, now: () => time });
    progress.update("compiling\n");
    time += 12_340;
    progress.end(true);
    expect(stream.read()).toBe("→ build\n✓ build (12.3 s)\n");
  });

  it("marks a failure", () => {
    const stream = new PassThrough({ encoding: "utf8" });
    startProgress("build", { stream, now: () => 0 }).end(false);
    expect(stream.read()).toBe("→ build\n✗ build (0.0 s)\n");
  });
});

describe("isCi", () => {
  it.each([
    [undefined, false],
    ["", false],
    ["false", false],
    ["0", false],
    ["true", true],
    ["1", true],
  ])("CI=%j is %j", (value, expected) => {
    expect(isCi({ CI: value })).toBe(expected);
  });
});
