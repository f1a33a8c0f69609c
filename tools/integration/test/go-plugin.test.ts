import { type LogEntry, locatePlugin, type Plugin, type PluginContextInput, startPlugin } from "@framewright/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goPluginDist, missingGo } from "../src/go-tools.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: our host did not drive a plugin made with the official Go SDK: ${reason}`);
}

describe.skipIf(reason !== undefined)("our host drives a plugin made with the official SDK", () => {
  const logs: LogEntry[] = [];
  let plugin: Plugin;

  beforeAll(async () => {
    const { executable, pluginId } = await locatePlugin(goPluginDist);
    expect(pluginId).toBe("framewright-go-datasource");
    plugin = await startPlugin({ executable, onLog: (entry) => logs.push(entry) });
  });

  afterAll(async () => {
    expect(await plugin.stop()).toEqual({ code: 0, signal: undefined, killed: false });
  });

  test("queries run side by side, each with its own frames or error", async () => {
    const timeRange = { from: new Date(0), to: new Date(60_000) };
    const jsons = {
      A: { text: "hello" },
      B: { rows: 3 },
      C: { bytes: 80 },
      D: { error: "gone", status: 404, source: "downstream" },
      E: { rows: -1 },
    };
    const queries = Object.entries(jsons).map(([refId, json]) => ({ refId, json, timeRange }));
    const answers = await plugin.queryData({ context: context(), queries });
    const [a, b, c] = ["A", "B", "C"].map((refId) => answers.get(refId)?.frames[0]);
    expect(a?.fields.map(({ name }) => name)).toEqual(["refId", "text", "from", "to"]);
    expect(b?.fields.map(({ name }) => name)).toEqual(["time", "value", "label"]);
    expect(b).toMatchObject({ name: "rows", length: 3 });
    expect(c).toMatchObject({ name: "bytes", length: 10 });
    expect(answers.get("D")).toMatchObject({ error: "gone", status: 404, errorSource: "downstream" });
    expect(answers.get("E")).toMatchObject({ status: 400, errorSource: "downstream" });
  });

  test("health follows the settings", async () => {
    expect(await plugin.checkHealth(context())).toMatchObject({ status: "ok", message: "ok" });
    const ill = context({ health: "the disk is full" }, new Date(2_000));
    expect(await plugin.checkHealth(ill)).toMatchObject({ status: "error", message: "the disk is full" });
  });

  test("metrics are those of the process", async () => {
    expect(await plugin.collectMetrics(context())).toMatch(/^process_start_time_seconds \d/m);
  });

  test("resources echo, and stream what they are asked for", async () => {
    const body = new TextEncoder().encode("données");
    const echo = await plugin.callResource({ context: context(), url: "any?a=1", method: "PUT", body });
    expect(await echo.json()).toEqual({ method: "PUT", search: "?a=1", body: "données" });
    const bytes = await plugin.callResource({ context: context(), url: "bytes?n=1000&chunk=300" });
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(Uint8Array.from({ length: 1000 }, (_, i) => i % 251));
  });

  test("a cancelled query is told so at once", async () => {
    const controller = new AbortController();
    const queries = [{ refId: "A", json: { sleepMs: 60_000 } }];
    const call = plugin.queryData({ context: context(), queries }, { signal: controller.signal });
    await expect
      .poll(() => logged("waiting"))
      .toMatchObject({ level: "info", fields: { call: "QueryData", refId: "A" } });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => logged("cancelled")).toMatchObject({ fields: { call: "QueryData", refId: "A" } });
  });

  function logged(message: string): LogEntry | undefined {
    return logs.find((entry) => entry.message === message);
  }
});

function context(jsonData: Readonly<Record<string, unknown>> = {}, updated = new Date(1_000)): PluginContextInput {
  return { pluginId: "framewright-go-datasource", dataSource: { uid: "go", name: "Go", jsonData, updated } };
}
