import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildSdkProbe, type SdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";

let executable: string;
let probe: SdkProbe;

beforeAll(async () => {
  executable = await buildSdkProbe();
});

beforeEach(async () => {
  probe = await startSdkProbe(executable);
});

afterEach(() => probe.plugin.stop());

/** How often each thing was said. */
function counts(message: RegExp): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const entry of probe.logged(message)) {
    counted[entry.message] = (counted[entry.message] ?? 0) + 1;
  }
  return counted;
}

test("500 calls at once and 20 changes of the settings open each version once, and dispose it once", async () => {
  const version = (n: number) => sdkProbeContext({ jsonData: { label: `v${n}` }, updated: new Date(1_000 + n) });
  const answers: Promise<string | undefined>[] = [];
  for (let n = 0; n < 20; n++) {
    const calls = Array.from({ length: 25 }, () => probe.ask({ act: "label" }, { context: version(n) }));
    answers.push(...calls.map(async (call) => (await call).frames[0]?.name));
  }
  const labels = await Promise.all(answers);
  expect(labels).toEqual(Array.from({ length: 500 }, (_, index) => `v${Math.floor(index / 25)}`));
  await probe.plugin.stop();
  const once = (what: string) => Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${what} ds v${n}`, 1]));
  expect(counts(/^opened /)).toEqual(once("opened"));
  expect(counts(/^disposed /)).toEqual(once("disposed"));
});

test("changes one after the other replace the instance, and only a change of what was read does", async () => {
  const label = async (grafanaConfig: Readonly<Record<string, string>>) =>
    (await probe.ask({ act: "label" }, { context: sdkProbeContext({}, { grafanaConfig }) })).frames[0]?.name;
  expect(await label({})).toBe("one");
  expect(await label({ GF_APP_URL: "http://grafana" })).toBe("one");
  expect(await label({ GF_APP_URL: "http://other", PROBE_LABEL: "two" })).toBe("two");
  expect(await label({ PROBE_LABEL: "two", GF_SQL_ROW_LIMIT: "5" })).toBe("two");
  expect(counts(/^opened /)).toEqual({ "opened ds one": 1, "opened ds two": 1 });
  await expect.poll(() => counts(/^disposed /)).toEqual({ "disposed ds one": 1 });
});

test("data sources of one uid in two organisations have instances of their own", async () => {
  for (const orgId of [1, 2, 1]) {
    await probe.ask({ act: "label" }, { context: sdkProbeContext({}, { orgId }) });
  }
  expect(counts(/^opened /)).toEqual({ "opened ds one": 2 });
});

test("a failed open answers all who waited, and is tried again by the next call", async () => {
  const context = sdkProbeContext({ jsonData: { open: "fails" } });
  const answers = await Promise.all([1, 2, 3].map(() => probe.ask({ act: "label" }, { context })));
  expect(answers.map(({ status, errorSource, error }) => [status, errorSource, error])).toEqual(
    Array(3).fill([503, "downstream", "refused for nobody"]),
  );
  expect(probe.logged("opening ds one")).toHaveLength(1);
  await probe.ask({ act: "label" }, { context });
  expect(probe.logged("opening ds one")).toHaveLength(2);
});

test("an open that hangs is answered as late, told to give up, and in nobody's way", async () => {
  const context = sdkProbeContext({ jsonData: { open: "hangs" } });
  const answers = await Promise.all([1, 2].map(() => probe.ask({ act: "label" }, { context, timeoutMs: 2_000 })));
  expect(answers.map(({ status, errorSource }) => [status, errorSource])).toEqual(Array(2).fill([504, "downstream"]));
  await expect.poll(() => probe.logged("gave up opening ds one")).toHaveLength(1);
  const later = sdkProbeContext({ jsonData: { label: "two" }, updated: new Date(2_000) });
  expect((await probe.ask({ act: "label" }, { context: later })).frames[0]?.name).toBe("two");
  expect(await probe.plugin.stop()).toMatchObject({ code: 0, killed: false });
});

test("an instance that nobody uses is disposed after a time, and opened again when it is wanted", async () => {
  await using idle = await startSdkProbe(executable, { PROBE_IDLE_MS: "300" });
  await idle.ask({ act: "label" });
  await expect.poll(() => idle.logged("disposed ds one"), { timeout: 10_000 }).toHaveLength(1);
  expect(await idle.ask({ act: "label" })).toMatchObject({ status: 200 });
  expect(idle.logged("opened ds one")).toHaveLength(2);
});

describe("an app", () => {
  const app = (label: string, updated: number, orgId = 1, secureJsonData = {}) => ({
    pluginId: "framewright-sdkprobe-datasource",
    orgId,
    app: { jsonData: { label }, secureJsonData, updated: new Date(updated) },
  });

  test("has one instance in each organisation, replaced when its settings change", async () => {
    const health = async (...input: Parameters<typeof app>) => (await probe.plugin.checkHealth(app(...input))).message;
    const [first, again] = await Promise.all([health("a", 1), health("a", 1)]);
    expect(first).toBe("a 4 of 1, opened as 1");
    expect(again).toBe(first);
    expect(await health("b", 1, 2, { key: "12345678" })).toBe("b 8 of 2, opened as 2");
    expect(await health("c", 2)).toBe("c 4 of 1, opened as 3");
    await expect.poll(() => counts(/^disposed app/)).toEqual({ "disposed app of 1": 1 });
    await probe.plugin.stop();
    expect(counts(/^disposed app/)).toEqual({ "disposed app of 1": 2, "disposed app of 2": 1 });
  });

  test("is refused settings that do not fit, by the name of the field", async () => {
    const { app: settings, ...context } = app("a", 1);
    const wrong = { ...context, app: { ...settings, jsonData: { label: 7 } } };
    expect(await probe.plugin.checkHealth(wrong)).toMatchObject({
      status: "error",
      message: expect.stringMatching(/^settings\.label: /),
    });
  });
});
