import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { callServerStream, callUnary, toWireContext } from "@framewright/host";
import {
  ControllerService,
  DataService,
  HealthService,
  PublishStreamRequest,
  QueryDataRequest,
  type QueryDataResponse,
  RunStreamRequest,
  StreamService,
} from "@framewright/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { type Exit, hostEnv, type RawPlugin, startRaw } from "../src/raw-plugin.js";
import { temporaryFolder } from "../src/temporary-folder.js";

/** How long go-plugin's host waits before it kills, in ms. */
const HOST_PATIENCE_MS = 2_000;

const GRACEFUL: Exit = { code: 0, signal: null };

let executable: string;

beforeAll(async () => {
  ({ executable } = await buildProbe());
});

function ask(plugin: RawPlugin, json: unknown): Promise<QueryDataResponse> {
  const request = QueryDataRequest.fromPartial({
    pluginContext: toWireContext(probeContext()),
    queries: [{ refId: "A", json: Buffer.from(JSON.stringify(json)) }],
  });
  return callUnary(plugin.client, DataService.queryData, request);
}

function isServing(plugin: RawPlugin): Promise<unknown> {
  return callUnary(plugin.client, HealthService.check, { service: "plugin" }, { timeoutMs: 3_000 });
}

/** Ends a plugin in one of the ways a host has, and measures how long it takes. */
const ways: Record<string, (plugin: RawPlugin) => Promise<unknown>> = {
  Shutdown: (plugin) => callUnary(plugin.client, ControllerService.shutdown, {}),
  SIGTERM: async (plugin) => plugin.kill("SIGTERM"),
  SIGHUP: async (plugin) => plugin.kill("SIGHUP"),
};

describe.each(Object.keys(ways))("%s", (way) => {
  const end = (plugin: RawPlugin): Promise<unknown> => ways[way]?.(plugin) ?? Promise.reject(new Error(way));

  test("waits for the calls in flight, disposes, removes the socket and exits with 0", async () => {
    await using folder = await temporaryFolder();
    await using plugin = await startRaw(executable, { ...hostEnv, PLUGIN_UNIX_SOCKET_DIR: folder.path });
    const call = ask(plugin, { sleepMs: 900 });
    await setTimeout(300);
    const started = performance.now();
    await end(plugin);
    expect((await call).responses.get("A")).toMatchObject({ status: 200, error: "" });
    expect(await plugin.exited).toEqual(GRACEFUL);
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(400);
    expect(took).toBeLessThan(1_200);
    expect(plugin.logged("disposed probe one")).toBeDefined();
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("aborts the calls that take longer than 1.5 s, well before the host would kill", async () => {
    await using folder = await temporaryFolder();
    await using plugin = await startRaw(executable, { ...hostEnv, PLUGIN_UNIX_SOCKET_DIR: folder.path });
    const call = ask(plugin, { sleepMs: 30_000 });
    const packets = callServerStream(
      plugin.client,
      StreamService.runStream,
      RunStreamRequest.fromPartial({ path: "ticks" }),
    );
    await packets.next();
    const outcomes = Promise.all([
      expect(call).rejects.toMatchObject({ code: "UNAVAILABLE" }),
      expect(drain(packets)).rejects.toMatchObject({ code: "UNAVAILABLE" }),
    ]);
    const started = performance.now();
    await end(plugin);
    expect(await plugin.exited).toEqual(GRACEFUL);
    const took = performance.now() - started;
    await outcomes;
    expect(took).toBeGreaterThan(1_400);
    expect(took).toBeLessThan(HOST_PATIENCE_MS - 100);
    expect(plugin.logs.filter(({ message }) => message === "cancelled")).toHaveLength(2);
    expect(plugin.logged("disposed probe one")).toBeDefined();
    expect(plugin.logs.filter(({ level }) => level === "error")).toEqual([]);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("turns new calls away while it waits", async () => {
    await using plugin = await startRaw(executable);
    const other = plugin.connect();
    await callUnary(other, HealthService.check, { service: "plugin" });
    const call = ask(plugin, { sleepMs: 800 });
    await setTimeout(200);
    await end(plugin);
    await setTimeout(100);
    for (const client of [plugin.client, other, plugin.connect()]) {
      const publish = PublishStreamRequest.fromPartial({ path: "late" });
      const late = callUnary(client, StreamService.publishStream, publish, { timeoutMs: 5_000 });
      await expect(late).rejects.toMatchObject({ code: "UNAVAILABLE" });
    }
    expect((await call).responses.get("A")).toMatchObject({ status: 200 });
    expect(await plugin.exited).toEqual(GRACEFUL);
  });
});

test("a second Shutdown and further signals change nothing", async () => {
  await using plugin = await startRaw(executable);
  const call = ask(plugin, { sleepMs: 700 });
  await setTimeout(100);
  await callUnary(plugin.client, ControllerService.shutdown, {});
  plugin.kill("SIGTERM");
  plugin.kill("SIGINT");
  plugin.kill("SIGHUP");
  expect((await call).responses.get("A")).toMatchObject({ status: 200 });
  expect(await plugin.exited).toEqual(GRACEFUL);
});

test("SIGINT is ignored: a Ctrl-C at Grafana's terminal reaches every child", async () => {
  await using plugin = await startRaw(executable);
  const call = ask(plugin, { sleepMs: 300 });
  plugin.kill("SIGINT");
  plugin.kill("SIGINT");
  expect((await call).responses.get("A")).toMatchObject({ status: 200 });
  expect(await isServing(plugin)).toEqual({ status: 1 });
});

describe("an error that nobody catches", () => {
  test("fails the stream it belongs to, and no other", async () => {
    await using plugin = await startRaw(executable);
    const others = callServerStream(
      plugin.client,
      StreamService.runStream,
      RunStreamRequest.fromPartial({ path: "ticks" }),
    );
    await others.next();
    const request = RunStreamRequest.fromPartial({ path: "broken" });
    const broken = callServerStream(plugin.client, StreamService.runStream, request);
    expect((await broken.next()).done).toBe(false);
    const failed = broken.next();
    await expect(failed).rejects.toMatchObject({ code: "UNKNOWN" });
    await expect(failed).rejects.toThrow(/thrown in a timer/);
    await expect
      .poll(() => plugin.logged("uncaught exception")?.fields)
      .toMatchObject({
        endpoint: "runStream",
        error: expect.stringMatching(/^Error: thrown in a timer\n\s+at .*streams\.ts/),
      });
    expect((await others.next()).done).toBe(false);
    await others.return(undefined);
  });

  test("is no different for an answer that cannot be encoded", async () => {
    await using plugin = await startRaw(executable);
    const request = PublishStreamRequest.fromPartial({ path: "broken" });
    const call = callUnary(plugin.client, StreamService.publishStream, request);
    await expect(call).rejects.toMatchObject({ code: "UNKNOWN" });
    await expect.poll(() => plugin.logged("call failed")?.fields["error"]).toMatch(/TypeError/);
    expect(await isServing(plugin)).toEqual({ status: 1 });
  });
});

test("hosts that are killed in the middle of calls leave no plugin and no socket", async () => {
  await using folder = await temporaryFolder();
  for (let round = 0; round < 5; round++) {
    const host = execFile(process.execPath, [
      fileURLToPath(new URL("../src/doomed-fleet.mjs", import.meta.url)),
      executable,
      folder.path,
      "10",
      JSON.stringify(probeContext()),
      '{"sleepMs":60000}',
    ]);
    const [line] = await once(host.stdout ?? host, "data");
    const pids: number[] = JSON.parse(line);
    expect(pids.filter(isAlive)).toHaveLength(10);
    expect(await readdir(folder.path)).toHaveLength(10);
    host.kill("SIGKILL");
    await expect.poll(() => pids.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    expect(await readdir(folder.path)).toEqual([]);
  }
});

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
