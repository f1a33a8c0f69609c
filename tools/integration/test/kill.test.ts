import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "@framewright/cli/compiler";
import { isRunning, locatePlugin, type SupervisorEvent, supervisePlugin } from "@framewright/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { commandLines } from "../src/processes.js";
import { type TemporaryFolder, temporaryFolder } from "../src/temporary-folder.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: no host of a plugin made with the official Go SDK was killed: ${reason}`);
}

/** How many hosts or plugins are killed of each kind. */
const KILLS = 50;

/** How many of them at a time; all at once would only wait for the processor. */
const HOSTS_AT_A_TIME = 10;
const PLUGINS_AT_A_TIME = 5;

let probe: string;
let host: string;
/** Every plugin of which 50 hosts were killed, by its executable's path. */
const killed = new Map<string, number[]>();
let folder: TemporaryFolder;
let sockets: TemporaryFolder;

beforeAll(async () => {
  probe = (await buildProbe()).executable;
  folder = await temporaryFolder();
  sockets = await temporaryFolder();
  // One file loads twice as fast as the package, 50 times.
  host = join(folder.path, "host.mjs");
  await bundleForNode(fileURLToPath(new URL("../src/busy-host.mjs", import.meta.url)), host);
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await sockets[Symbol.asyncDispose]();
});

describe("a host that is killed in the middle of calls leaves no plugin and no socket", () => {
  beforeAll(async () => {
    const executables = [probe, ...(reason === undefined ? [(await locatePlugin(goPluginDist)).executable] : [])];
    for (const executable of executables) {
      killed.set(executable, []);
    }
    for (let hosts = 0; hosts < KILLS; hosts += HOSTS_AT_A_TIME) {
      await Promise.all(Array.from({ length: HOSTS_AT_A_TIME }, () => startAndKillHost(executables)));
    }
  });

  test("of a plugin that looks after its host", () => nothingIsLeftOf(probe));

  // A plugin made with the Go SDK never notices: our host's watchdog ends it.
  test.skipIf(reason !== undefined)("of a plugin that does not", async () => {
    await nothingIsLeftOf((await locatePlugin(goPluginDist)).executable);
  });
});

async function nothingIsLeftOf(executable: string): Promise<void> {
  const pids = killed.get(executable) ?? [];
  expect(pids).toHaveLength(KILLS);
  await expect.poll(() => pids.filter(isRunning), { timeout: 5_000 }).toEqual([]);
  await expect.poll(() => watchdogsOf(pids), { timeout: 2_000 }).toEqual([]);
  expect(await readdir(sockets.path)).toEqual([]);
}

/** Kills a host that has these plugins running, each with a query and a stream under way. */
async function startAndKillHost(executables: readonly string[]): Promise<void> {
  const args = [host, sockets.path, ...executables];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data", { signal: AbortSignal.timeout(20_000) });
  const pids = String(line).trim().split(" ").map(Number);
  expect(pids.every(isRunning)).toBe(true);
  child.kill("SIGKILL");
  for (const [index, executable] of executables.entries()) {
    killed.get(executable)?.push(pids[index] ?? 0);
  }
}

function watchdogsOf(pids: readonly number[]): string[] {
  return [...commandLines().values()].filter((line) =>
    pids.some((pid) => line.endsWith(`framewright-watchdog ${pid} `)),
  );
}

test("a plugin that is killed in the middle of a call is reported, and serves again within 2 s", async () => {
  await Promise.all(Array.from({ length: PLUGINS_AT_A_TIME }, killPluginRepeatedly));
});

/** Kills one supervised plugin its share of times. */
async function killPluginRepeatedly(): Promise<void> {
  const events: SupervisorEvent[] = [];
  await using plugin = await supervisePlugin({ executable: probe, onEvent: (event) => events.push(event) });
  const ask = (json: Readonly<Record<string, unknown>>) =>
    plugin.queryData({ context: probeContext(), queries: [{ refId: "A", json }] });
  await ask({ rows: 1 });
  for (let round = 0; round < KILLS / PLUGINS_AT_A_TIME; round++) {
    const call = ask({ sleepMs: 60_000 }).catch((error: unknown) => error);
    await ask({ rows: 1 });
    const pid = plugin.current?.pid ?? 0;
    const killed = performance.now();
    process.kill(pid, "SIGKILL");
    expect(await call).toMatchObject({ code: "UNAVAILABLE", exit: { signal: "SIGKILL" } });
    expect((await ask({ rows: 3 })).get("A")?.frames[0]?.length).toBe(3);
    expect(performance.now() - killed).toBeLessThan(2_000);
    expect(events.splice(0)).toMatchObject([{ kind: "exited", pid }, { kind: "restarted" }]);
  }
}
