import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const demo = fileURLToPath(new URL("../../demo/dist/main.js", import.meta.url));

test("the demo finds every answer of both plugins right", { timeout: 240_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [demo], { cwd: root });
  expect(stderr).toBe("");
  expect(stdout).toContain("All 4 answers equal what csv-parse reads in the files, cell by cell.");
  expect(stdout).toContain("All 4 answers equal what JavaScript works out of the files, cell by cell.");
});

test("the database that it keeps answers the command that it shows", { timeout: 240_000 }, async () => {
  const server = spawn(process.execPath, [demo, "--serve", "--port", "0"], { cwd: root, stdio: "pipe" });
  try {
    let shown = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
    });
    await expect.poll(() => shown, { timeout: 120_000 }).toContain("--settings");
    const command = /^ {2}node (?:.*\\\n)*.*$/m.exec(shown)?.[0] ?? "";
    // A second one finds the connection of the first closed.
    for (let times = 0; times < 2; times++) {
      const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: root });
      expect(stdout).toMatch(/2018-01-31T00:00:00Z │ +\d+\n/);
      expect(stdout).toContain("\n29 rows\n");
    }
    server.kill("SIGINT");
    expect(await once(server, "exit")).toEqual([0, null]);
  } finally {
    server.kill("SIGKILL");
  }
});
