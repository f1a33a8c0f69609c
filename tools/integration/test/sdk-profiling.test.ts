import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { type LogEntry, startPlugin } from "@framewright/host";
import { beforeAll, describe, expect, test } from "vitest";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { buildSdkProbe, startSdkProbe } from "../src/sdk-probe.js";

let executable: string;

beforeAll(async () => {
  executable = await buildSdkProbe();
});

const asked = { GF_PLUGIN_PROFILING_ENABLED: "true", GF_PLUGIN_PROFILING_PORT: "0" };

/** The parts of Chrome's format that are looked at. */
interface CpuProfile {
  readonly nodes: readonly { readonly callFrame: { readonly functionName: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

async function addressOf(logs: readonly LogEntry[]): Promise<string> {
  const said = (): LogEntry | undefined => logs.find((entry) => entry.message === "Profiling enabled");
  await expect.poll(said).toBeDefined();
  return `http://${String(said()?.fields["address"])}`;
}

test("a CPU profile names the functions that ran", async () => {
  const logs: LogEntry[] = [];
  const { executable: busyProbe } = await buildProbe();
  await using plugin = await startPlugin({ executable: busyProbe, env: asked, onLog: (entry) => logs.push(entry) });
  const address = await addressOf(logs);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const busy = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) {
      await plugin.queryData({ context: probeContext(), queries: [{ refId: "A", json: { act: "busy" } }] });
    }
  };
  const [response] = await Promise.all([fetch(`${address}/cpu?seconds=1`), busy()]);
  expect(response.headers.get("content-disposition")).toMatch(/plugin-\d+\.cpuprofile/);
  const profile: CpuProfile = JSON.parse(await response.text());
  expect(profile.samples.length).toBe(profile.timeDeltas.length);
  // What the probe does in a loop.
  expect(profile.nodes.map(({ callFrame }) => callFrame.functionName)).toContain("cpuUsage");
});

test("a heap snapshot is one that tools read", async () => {
  await using probe = await startSdkProbe(executable, asked);
  const response = await fetch(`${await addressOf(probe.logs)}/heap`);
  const { snapshot, nodes }: { snapshot: { meta: object }; nodes: number[] } = JSON.parse(await response.text());
  expect(snapshot.meta).toBeTypeOf("object");
  expect(nodes.length).toBeGreaterThan(1_000);
});

test("one CPU profile is recorded at a time, and ends with who asked for it", async () => {
  await using probe = await startSdkProbe(executable, asked);
  const address = await addressOf(probe.logs);
  const cpu = (seconds: number, signal?: AbortSignal) =>
    fetch(`${address}/cpu?seconds=${seconds}`, { signal: signal ?? null });
  const abandoned = new AbortController();
  const record = async (): Promise<void> => {
    // Whoever comes first records, perhaps one of those below.
    while ((await cpu(300, abandoned.signal)).status === 409);
  };
  const long = record().catch(() => undefined);
  await expect.poll(async () => (await cpu(0.001)).status).toBe(409);
  abandoned.abort();
  await long;
  await expect.poll(async () => (await cpu(0.1)).status).toBe(200);
  const [first, second] = await Promise.all([cpu(1), cpu(1)]);
  expect([first.status, second.status].sort()).toEqual([200, 409]);
  const [done, refused] = first.status === 200 ? [first, second] : [second, first];
  expect(await done.json()).toMatchObject({ nodes: expect.anything(), samples: expect.anything() });
  expect(await refused.text()).toMatch(/is being recorded/);
  expect(probe.logs.filter((entry) => entry.level === "error" || entry.level === "warn")).toEqual([]);
});

test("a heap snapshot that nobody reads to its end harms nothing", async () => {
  await using probe = await startSdkProbe(executable, asked);
  const address = new URL(await addressOf(probe.logs));
  const hanging = probe.ask({ act: "sleep", ms: 2_000 });
  const socket = connect(Number(address.port), address.hostname);
  socket.write(`GET /heap HTTP/1.1\r\nhost: ${address.host}\r\n\r\n`);
  await once(socket, "data");
  socket.destroy();
  expect(await hanging).toMatchObject({ status: 200 });
  expect(probe.logs.filter((entry) => entry.level === "error")).toEqual([]);
  expect((await fetch(`${address.origin}/heap`)).status).toBe(200);
});

describe("which host is asked for", () => {
  /** The status of a request with a Host header of its own. */
  async function statusFor(address: string, host: string): Promise<number | undefined> {
    const request = get(`${address}/none`, { headers: { host } });
    const [response]: IncomingMessage[] = await once(request, "response");
    response?.resume();
    return response?.statusCode;
  }

  test("is this machine, or the request is refused", async () => {
    await using probe = await startSdkProbe(executable, asked);
    const address = await addressOf(probe.logs);
    for (const host of ["localhost", "LOCALHOST:6060", "127.0.0.1", "[::1]:6060"]) {
      expect(await statusFor(address, host), host).toBe(404);
    }
    for (const host of ["evil.example", "localhost.evil.example:6060", "127.0.0.1.evil.example"]) {
      expect(await statusFor(address, host), host).toBe(403);
    }
  });

  test("may be any where the plugin listens at every address", async () => {
    await using probe = await startSdkProbe(executable, { ...asked, GF_PLUGIN_PROFILING_PORT: "0.0.0.0:0" });
    const { port } = new URL(await addressOf(probe.logs));
    expect(await statusFor(`http://127.0.0.1:${port}`, "plugin.example")).toBe(404);
  });
});

test.each([
  [":0", /^http:\/\/127\.0\.0\.1:\d+$/],
  ["[::1]:0", /^http:\/\/\[::1\]:\d+$/],
  ["localhost:0", /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/],
])("%s is an address of this machine only", async (port, expected) => {
  await using probe = await startSdkProbe(executable, { ...asked, GF_PLUGIN_PROFILING_PORT: port });
  const address = await addressOf(probe.logs);
  expect(address).toMatch(expected);
  expect((await fetch(`${address}/none`)).status).toBe(404);
});

test("what is not there, or cannot be, is said", async () => {
  await using probe = await startSdkProbe(executable, asked);
  const address = await addressOf(probe.logs);
  expect((await fetch(`${address}/other`)).status).toBe(404);
  expect((await fetch(`${address}/cpu?seconds=x`)).status).toBe(400);
  // The port is taken.
  const port = new URL(address).port;
  await using second = await startSdkProbe(executable, { ...asked, GF_PLUGIN_PROFILING_PORT: port });
  await expect
    .poll(() => second.logged("the plugin runs without profiles"))
    .toMatchObject([{ fields: { asked: port } }]);
  expect(await second.ask({ act: "label" })).toMatchObject({ status: 200 });
  expect(await probe.plugin.stop()).toMatchObject({ code: 0, killed: false });
});

test("without being asked for it, nothing listens", async () => {
  await using probe = await startSdkProbe(executable);
  expect(await probe.ask({ act: "label" })).toMatchObject({ status: 200 });
  expect(probe.logged("Profiling enabled")).toEqual([]);
});
