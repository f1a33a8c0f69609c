import { describe, expect, it } from "vitest";
import { capture } from "../src/child.mjs";

const node = (script: string) => ({ file: process.execPath, args: ["-e", script] });

describe("capture", () => {
  it("collects both streams and passes the exit code through", async () => {
    const chunks: string[] = [];
    const outcome = await capture(node("console.log('out'); console.error('err'); process.exitCode = 3"), (chunk) => {
      chunks.push(chunk);
    });
    expect(outcome.code).toBe(3);
    expect(outcome.output.split("\n").sort()).toEqual(["", "err", "out"]);
    expect(chunks.join("")).toBe(outcome.output);
  });

  it("adds to the environment and runs where it is told", async () => {
    const { output } = await capture({
      ...node("console.log(process.env.FRAMEWRIGHT_PROBE, process.cwd() === process.env.EXPECTED)"),
      cwd: import.meta.dirname,
      env: { FRAMEWRIGHT_PROBE: "here", EXPECTED: import.meta.dirname },
    });
    expect(output).toBe("here true\n");
  });

  // Windows has no signals to report.
  if (process.platform !== "win32") {
    it("reports a signal as a shell does", async () => {
      expect((await capture(node("process.kill(process.pid, 'SIGKILL')"))).code).toBe(137);
    });
  }

  it("says which program could not be started", async () => {
    await expect(capture({ file: "framewright-no-such-program", args: [] })).rejects.toThrow(
      "framewright-no-such-program could not be started",
    );
  });
});
