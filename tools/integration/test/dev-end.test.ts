import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "@framewright/host";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Dev } from "../src/run-dev.js";

let dev: Dev;

beforeEach(async () => {
  dev = new Dev();
  await dev.copy();
});

afterEach(async () => dev[Symbol.asyncDispose]());

/** Less than a start may take. */
const timeout = 40_000;

/** Source text that writes the process's id into a file, and never goes on. */
function hang(): string {
  const file = JSON.stringify(pidFile());
  return `await (await import("node:fs/promises")).writeFile(${file}, String(process.pid)).then(() => new Promise(() => setInterval(() => {}, 1_000)))`;
}

const pidFile = (): string => join(dev.folder, "pid.txt");

/** Waits until a plugin has come to where it hangs. */
async function hangingPid(): Promise<number> {
  const read = (): Promise<number> => readFile(pidFile(), "utf8").then(Number, () => 0);
  await expect.poll(read, { timeout: 20_000 }).toBeGreaterThan(0);
  return read();
}

const hangAtStart = (): Promise<void> => dev.edit("export const dataSource", `${hang()};\nexport const dataSource`);

test("ends while the first start hangs", { timeout }, async () => {
  await hangAtStart();
  dev.run();
  const pid = await hangingPid();
  dev.kill("SIGTERM");
  expect(await dev.end()).toBe(143);
  expect(isRunning(pid)).toBe(false);
});

test("ends while a start hangs that was prepared", { timeout }, async () => {
  dev.run();
  await dev.shows(/started in \d/);
  await expect
    .poll(() => dev.processes().ahead, { timeout: 20_000 })
    .toHaveLength(process.platform === "linux" ? 1 : 0);
  await hangAtStart();
  const pid = await hangingPid();
  dev.kill("SIGINT");
  expect(await dev.end()).toBe(130);
  expect(isRunning(pid)).toBe(false);
});

test("ends while a call hangs", { timeout }, async () => {
  await dev.edit("`The folder can be read.", `\`\${${hang()}}.`);
  dev.run();
  await dev.shows(/started in \d/);
  dev.type("health");
  const pid = await hangingPid();
  dev.kill("SIGTERM");
  expect(await dev.end()).toBe(143);
  expect(isRunning(pid)).toBe(false);
});

test("leaves no plugin behind", async () => {
  await dev.edit("The folder can be read.", `pid $${"{process.pid}"}.`);
  dev.run();
  dev.type("health");
  const [, pid] = await dev.shows(/ok: pid (\d+)/);
  expect(isRunning(Number(pid))).toBe(true);
  dev.kill("SIGTERM");
  expect(await dev.end()).toBe(143);
  expect(isRunning(Number(pid))).toBe(false);
});

test.runIf(process.platform === "linux")("leaves nothing behind when it is killed", async () => {
  const temp = await mkdtemp(join(tmpdir(), "dev-end-"));
  try {
    dev.run({ TMPDIR: temp });
    await dev.shows(/started in \d/);
    const sockets = async (): Promise<string[]> => (await readdir(temp)).filter((name) => /framewright-dev/.test(name));
    await expect.poll(() => dev.processes().ahead, { timeout: 20_000 }).toHaveLength(1);
    await expect.poll(sockets, { timeout: 20_000 }).toEqual([]);
    dev.kill("SIGKILL");
    await dev.end();
    expect(await sockets()).toEqual([]);
    await expect.poll(() => dev.processes(), { timeout: 20_000 }).toEqual({ running: [], ahead: [] });
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
});
