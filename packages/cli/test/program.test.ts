import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "../src/program.js";

let stdout: string;
let stderr: string;

beforeEach(() => {
  stdout = "";
  stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    stderr += String(chunk);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the command line", () => {
  it("prints its version and help", async () => {
    expect(await run(["--version"])).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await run(["query", "--help"])).toBe(0);
    expect(stdout).toContain("--max-data-points <n>");
  });

  it.each([
    [[], /Usage: framewright/],
    [["bild"], /unknown command 'bild'/],
    [["build", "--target", "linux-x64"], /unknown target "linux-x64": use one of linux-amd64/],
    [["build", "--target", "linux-amd64", "--all"], /cannot be used with option/],
    [["build", "/no/such/folder"], /^framewright: .*folder does not exist\n$/],
    [["bundle", "/no/such/folder"], /main\.ts does not exist: name the folder of a plugin\n$/],
    [["query"], /missing required argument 'plugin'/],
    [
      ["query", "/no/such/dist", "{}"],
      /^framewright: \/no\/such\/dist does not exist; "framewright build" makes .*\n$/,
    ],
    [["query", "x", "{}", "--rows", "many"], /must be a whole number above 0/],
    [["check"], /missing required argument 'plugin'/],
    [["check", "/no/such/dist"], /^framewright: \/no\/such\/dist does not exist\n$/],
    [["check", process.execPath, "--query", "[]"], /--query is an empty array/],
    [["check", process.execPath, "--query", "7"], /--query is not a JSON object, or an array of them/],
    [["check", process.execPath, "--settings", "{"], /--settings is not JSON/],
  ])("ends with 2 after %j", async (argv, message) => {
    expect(await run(argv)).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
  });

  it("checks what is asked before the plugin is started, and shows no secret", async () => {
    const folder = await mkdtemp(join(tmpdir(), "framewright-cli-"));
    try {
      const plugin = join(folder, "plugin");
      await writeFile(plugin, "cannot be run");
      expect(await run(["query", plugin, "{"])).toBe(2);
      expect(await run(["query", plugin, "{}", "--from", "yesterday"])).toBe(2);
      expect(await run(["query", plugin, "{}", "--interval", "often"])).toBe(2);
      expect(await run(["query", plugin, "{}", "--secure", "s3cr3t"])).toBe(2);
      expect(stderr).toMatch(
        /the query is not JSON[\s\S]*--from "yesterday"[\s\S]*--interval "often"[\s\S]*--secure is not JSON\n$/,
      );
      expect(stderr).not.toContain("s3cr3t");
      expect(await run(["query", plugin, "{}"])).toBe(1);
      expect(stderr).toMatch(/cannot be run/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
