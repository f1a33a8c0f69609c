import { execFile, spawn } from "node:child_process";
import { copyFile, cp, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  findStandalone,
  isRunning,
  type LogEntry,
  PluginCallError,
  PluginStartError,
  reattachPlugin,
  type SupervisorEvent,
  startPlugin,
  supervisePlugin,
} from "@framewright/host";
import { beforeAll, describe, expect, test } from "vitest";
import { brokenPlugin, buildBroken } from "../src/broken-plugin.js";
import { framewright } from "../src/build-plugin.js";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { temporaryFolder } from "../src/temporary-folder.js";

let executable: string;
let broken: string;

beforeAll(async () => {
  ({ executable } = await buildProbe());
  broken = await buildBroken();
});

const wait = { context: probeContext(), queries: [{ refId: "A", json: { sleepMs: 60_000 } }] };
const ask = { context: probeContext(), queries: [{ refId: "A", json: { rows: 2 } }] };

describe("AutoMTLS", () => {
  test.each([
    ["answersInPlainTextWhereTlsIsAskedFor", true, /sent no certificate: it does not offer the AutoMTLS/],
    ["sendsACertificateUnasked", false, /sent a certificate, which this host did not ask for/],
  ])("a plugin that %s is refused, and ended", async (deviation, autoMtls, message) => {
    await using folder = await temporaryFolder();
    const program = await brokenPlugin(folder, broken, deviation);
    const start = startPlugin({ executable: program, autoMtls });
    await expect(start).rejects.toThrow(PluginStartError);
    await expect(start).rejects.toThrow(message);
  });

  test("a plugin that shows another certificate than it sent is not spoken to", async () => {
    await using folder = await temporaryFolder();
    const program = await brokenPlugin(folder, broken, "sendsAnotherCertificateThanItShows");
    await using plugin = await startPlugin({ executable: program, autoMtls: true });
    await expect(plugin.isServing({ timeoutMs: 5_000 })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe("a plugin that is killed", () => {
  test("fails the calls under way with how it ended, streams too", async () => {
    const plugin = await startPlugin({ executable });
    expect(await plugin.isServing()).toBe(true);
    const stream = async () => {
      for await (const _ of plugin.runStream({ context: probeContext(), path: "ticks" }));
    };
    const calls = [plugin.queryData(wait), stream()];
    const settled = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(plugin.pid, "SIGKILL");
    for (const result of await settled) {
      expect(result).toMatchObject({
        status: "rejected",
        reason: {
          code: "UNAVAILABLE",
          exit: { signal: "SIGKILL" },
          message: expect.stringMatching(/was ended by SIGKILL/),
        },
      });
    }
  });
});

describe("reattaching", () => {
  test("makes calls of a plugin that somebody else started, and leaves it running", async () => {
    await using started = await startPlugin({ executable });
    const { network, address } = started.handshake;
    {
      await using reattached = await reattachPlugin({ network, address, pid: started.pid });
      expect((await reattached.queryData(ask)).get("A")?.frames[0]?.length).toBe(2);
    }
    expect(await started.isServing()).toBe(true);
  });

  test("can end the plugin", async () => {
    const started = await startPlugin({ executable });
    const { network, address } = started.handshake;
    const reattached = await reattachPlugin({ network, address, pid: started.pid });
    expect(await reattached.stop()).toEqual({ code: undefined, signal: undefined, killed: false });
    expect(isRunning(started.pid)).toBe(false);
    expect(await started.exited).toEqual({ code: 0, signal: undefined });
  });

  test("notices the plugin's end, and says so in calls", async () => {
    const started = await startPlugin({ executable });
    const { network, address } = started.handshake;
    const reattached = await reattachPlugin({ network, address, pid: started.pid });
    const call = reattached.queryData(wait);
    process.kill(started.pid, "SIGKILL");
    await expect(call).rejects.toThrow(/the plugin ended before it had answered/);
    expect(await reattached.exited).toEqual({ code: undefined, signal: undefined });
    await started.exited;
    const again = reattachPlugin({ network, address, pid: started.pid });
    await expect(again).rejects.toThrow(/no process \d+ runs to reattach to/);
    await expect(reattachPlugin({ network, address })).rejects.toThrow(/no plugin answers at .*ENOENT/);
  });
});

describe("a plugin that runs standalone", () => {
  test("is found by the files it leaves, and by the host that starts its binary", async () => {
    await using folder = await temporaryFolder();
    await cp(dirname(executable), folder.path, { recursive: true });
    const copy = join(folder.path, basename(executable));
    const pluginId = "framewright-probe-datasource";
    expect(await findStandalone(folder.path, pluginId, {})).toBeUndefined();

    const standalone = spawn(copy, ["--standalone"], { cwd: folder.path, env: {}, stdio: "ignore" });
    await expect.poll(() => findStandalone(folder.path, pluginId, {}), { timeout: 10_000 }).toBeDefined();
    const found = await findStandalone(folder.path, pluginId, {});
    expect(found).toMatchObject({ network: "tcp", pid: standalone.pid });
    if (found !== undefined) {
      await using plugin = await reattachPlugin(found);
      expect((await plugin.queryData(ask)).get("A")?.frames[0]?.length).toBe(2);
    }
    const plugin = await startPlugin({ executable: copy });
    expect(plugin.handshake).toMatchObject({ network: "tcp", address: found?.address });
    expect((await plugin.queryData(ask)).get("A")?.frames[0]?.length).toBe(2);
    const { exitCode, stderr } = await execCheck(folder.path);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(`runs standalone, as process ${standalone.pid}: end it`),
    ]);
    standalone.kill("SIGTERM");
    await plugin.exited;
    expect(await findStandalone(folder.path, pluginId, {})).toBeUndefined();
  });
});

function execCheck(plugin: string): Promise<{ exitCode: unknown; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [framewright, "check", plugin], (error, _stdout, stderr) =>
      resolve({ exitCode: error?.code, stderr }),
    );
  });
}

describe("supervision", () => {
  const backOff = { minMs: 200, maxMs: 1_000 };

  test("restarts a plugin that ends; calls under way fail with why, calls meanwhile wait", async () => {
    const events: SupervisorEvent[] = [];
    await using plugin = await supervisePlugin({ executable, backOff, onEvent: (event) => events.push(event) });
    expect(await plugin.isServing()).toBe(true);
    const pid = plugin.current?.pid ?? 0;
    const underWay = plugin.queryData(wait).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(pid, "SIGKILL");
    expect(await underWay).toMatchObject({ code: "UNAVAILABLE", exit: { signal: "SIGKILL" } });
    await expect.poll(() => plugin.current?.pid).not.toBe(pid);
    expect((await plugin.queryData(ask)).get("A")?.frames[0]?.length).toBe(2);
    expect(plugin.restarts).toBe(1);
    expect(events).toMatchObject([
      { kind: "exited", pid, exit: { signal: "SIGKILL" } },
      { kind: "restarted", pid: plugin.current?.pid },
    ]);
  });

  test("goes on when restarts fail, and says in calls why they do", async () => {
    await using folder = await temporaryFolder();
    const copy = join(folder.path, "gpx_copy");
    await copyFile(executable, copy);
    const events: SupervisorEvent[] = [];
    await using plugin = await supervisePlugin({
      executable: copy,
      backOff,
      restartWaitMs: 400,
      onEvent: (event) => events.push(event),
    });
    expect(await plugin.isServing()).toBe(true);
    await rename(copy, `${copy}.away`);
    process.kill(plugin.current?.pid ?? 0, "SIGKILL");
    await expect.poll(() => events.some(({ kind }) => kind === "startFailed")).toBe(true);
    const call = plugin.queryData(ask);
    await expect(call).rejects.toThrow(PluginCallError);
    await expect(call).rejects.toThrow(/could not be started again: .*ENOENT.*not back after 400 ms/s);
    await expect(plugin.queryData(ask, { timeoutMs: 50 })).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const reason = new Error("changed my mind");
    await expect(plugin.queryData(ask, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

    await rename(`${copy}.away`, copy);
    await expect.poll(() => plugin.current, { timeout: 5_000 }).toBeDefined();
    expect(await plugin.isServing()).toBe(true);
    const waits = events.flatMap((event) => (event.kind === "startFailed" ? [event.restartInMs] : []));
    expect(waits.every((ms, index) => ms <= 1_000 && ms >= (waits[index - 1] ?? 0) - 50)).toBe(true);
  });

  test("ends for good when it is stopped, also in the middle of a restart", async () => {
    const plugin = await supervisePlugin({ executable, backOff: { minMs: 60_000, maxMs: 60_000 } });
    process.kill(plugin.current?.pid ?? 0, "SIGKILL");
    await expect.poll(() => plugin.current).toBeUndefined();
    const waiting = plugin.queryData(ask);
    waiting.catch(() => {});
    expect(await plugin.stop()).toBeUndefined();
    await expect(waiting).rejects.toThrow(/the plugin was stopped/);
    await expect(plugin.isServing()).rejects.toThrow(/the plugin was stopped/);
    const running = await supervisePlugin({ executable });
    expect(await running.stop()).toEqual({ code: 0, signal: undefined, killed: false });
    expect(running.current).toBeUndefined();
  });

  test("goes on with one plugin when the caller's own onEvent throws, and lets the caller hear of it", async () => {
    const thrown: unknown[] = [];
    const heard = (error: unknown) => void thrown.push(error);
    const others = process.rawListeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", heard);
    try {
      const onEvent = ({ kind }: SupervisorEvent) => {
        throw new Error(`cannot take ${kind}`);
      };
      await using plugin = await supervisePlugin({ executable, backOff, onEvent });
      process.kill(plugin.current?.pid ?? 0, "SIGKILL");
      await expect.poll(() => plugin.restarts).toBe(1);
      const pid = plugin.current?.pid;
      expect((await plugin.queryData(ask)).get("A")?.frames[0]?.length).toBe(2);
      await new Promise((resolve) => setTimeout(resolve, 3 * backOff.minMs));
      expect([plugin.restarts, plugin.current?.pid]).toEqual([1, pid]);
      expect(thrown.map(String)).toEqual(["Error: cannot take exited", "Error: cannot take restarted"]);
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of others) {
        process.on("uncaughtException", (...args: unknown[]) => Reflect.apply(listener, process, args));
      }
    }
  });

  test("tells of a first start that fails", async () => {
    await expect(supervisePlugin({ executable: "/no/such/plugin" })).rejects.toThrow(PluginStartError);
  });
});

test("many calls may share one signal, and many plugins one host", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  const logs: LogEntry[] = [];
  const plugins = await Promise.all(
    Array.from({ length: 12 }, () => startPlugin({ executable, onLog: (entry) => logs.push(entry) })),
  );
  const controller = new AbortController();
  const calls = plugins.flatMap((plugin) =>
    Array.from({ length: 5 }, () => plugin.queryData(wait, { signal: controller.signal })),
  );
  const settled = Promise.allSettled(calls);
  await new Promise((resolve) => setTimeout(resolve, 200));
  controller.abort();
  expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
  await expect.poll(() => logs.filter(({ message }) => message === "cancelled").length).toBe(60);
  const ends = await Promise.all(plugins.map((plugin) => plugin.stop()));
  expect(ends.every(({ code, killed }) => code === 0 && !killed)).toBe(true);
  await Promise.all(plugins.map(({ handshake }) => expect(stat(handshake.address)).rejects.toThrow(/ENOENT/)));
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});
