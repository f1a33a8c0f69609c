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
    const error = { message: "gone", status: 404, source: "downstream" };
    const jsons = { A: {}, B: { rows: 3 }, C: { bytes: 80 }, D: { error }, E: { rows: -1 } };
    const queries = Object.entries(jsons).map(([refId, json]) => ({ refId, json }));
    const answers = await plugin.queryData({ context: context({ label: "two" }), queries });
    const [a, b, c] = ["A", "B", "C"].map((refId) => answers.get(refId)?.frames[0]);
    expect(a).toMatchObject({ name: "two", length: 1, fields: [{ name: "opened" }] });
    expect(b).toMatchObject({ name: "rows", length: 3, fields: [{ name: "time" }, { name: "value" }] });
    expect(c).toMatchObject({ name: "bytes", length: 10 });
    expect(answers.get("D")).toMatchObject({ error: "gone", status: 404, errorSource: "downstream" });
    expect(answers.get("E")).toMatchObject({ status: 400, errorSource: "downstream" });
  });

  test("health is that of the instance", async () => {
    expect(await plugin.checkHealth(context())).toMatchObject({ status: "ok", message: "ok" });
    const refused = context({ openFails: true }, new Date(2_000));
    expect(await plugin.checkHealth(refused)).toMatchObject({
      status: "error",
      message: "the data source refused the connection",
    });
  });

  test("metrics are those of the process", async () => {
    expect(await plugin.collectMetrics(context())).toMatch(/^process_start_time_seconds \d/m);
  });

  test("resources echo, and stream what they are asked for", async () => {
    const body = new TextEncoder().encode("données");
    const echo = await plugin.callResource({ context: context(), url: "any?a=1", method: "PUT", body });
    const base64 = Buffer.from(body).toString("base64");
    expect(await echo.json()).toMatchObject({ method: "PUT", path: "any", url: "any?a=1", body: base64 });
    const bytes = await plugin.callResource({ context: context(), url: "bytes?n=1000&chunk=300" });
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array(1000));
  });

  test("a cancelled query is told so at once", async () => {
    const controller = new AbortController();
    const queries = [{ refId: "A", json: { sleepMs: 60_000 } }];
    const call = plugin.queryData({ context: context(), queries }, { signal: controller.signal });
    await expect.poll(() => logged("waiting")).toMatchObject({ level: "info", fields: { endpoint: "queryData" } });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => logged("cancelled")).toMatchObject({ fields: { endpoint: "queryData" } });
  });

  function logged(message: string): LogEntry | undefined {
    return logs.find((entry) => entry.message === message);
  }
});

function context(jsonData: Readonly<Record<string, unknown>> = {}, updated = new Date(1_000)): PluginContextInput {
  return { pluginId: "framewright-go-datasource", dataSource: { uid: "go", name: "Go", jsonData, updated } };
}
