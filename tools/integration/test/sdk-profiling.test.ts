import { type LogEntry, startPlugin } from "@framewright/host";
import { beforeAll, expect, test } from "vitest";
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
