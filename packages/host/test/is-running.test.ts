import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isRunning } from "../src/index.js";

it("knows running processes from those that are gone, and from numbers that are no process", async () => {
  expect(isRunning(process.pid)).toBe(true);
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  expect(isRunning(child.pid ?? 0)).toBe(false);
  expect([0, -1, 1.5, Number.NaN].map(isRunning)).toEqual([false, false, false, false]);
});

// Elsewhere there is no /proc to look into.
if (process.platform === "linux") {
  it("takes a dead process that its parent has not asked for yet for gone", async () => {
    // The shell never waits for its child.
    const shell = spawn("/bin/sh", ["-c", "sleep 0.05 & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = await once(shell.stdout, "data");
    const pid = Number(line);
    expect(isRunning(pid)).toBe(true);
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow();
    shell.kill();
  });
}
