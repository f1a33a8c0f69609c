import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleInParts } from "@framewright/cli/compiler";
import { type Plugin, startPlugin } from "@framewright/host";
import { describe, expect, test } from "vitest";
import { modulesOfStart } from "../src/bundle-parts.js";
import { listen } from "../src/data-server.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { startTraceCollector } from "../src/trace-collector.js";

const script = fileURLToPath(new URL("../src/plain-plugin.mjs", import.meta.url));
const csvBackend = fileURLToPath(new URL("../../../plugins/csv/backend/main.ts", import.meta.url));
const context = { pluginId: "framewright-plain-datasource", dataSource: { uid: "ds", name: "Plain" } };

/** Runs the plugin in Node, and gives the files that it loaded: Node lists each in its coverage, whichever way it was imported. */
async function loadedFiles(
  work: (plugin: Plugin) => Promise<unknown>,
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  await using folder = await temporaryFolder();
  const plugin = await startPlugin({
    executable: process.execPath,
    args: [script],
    env: { ...env, NODE_V8_COVERAGE: folder.path },
  });
  await work(plugin);
  await plugin.stop();
  const [report = ""] = await readdir(folder.path);
  const { result }: { result: { url: string }[] } = JSON.parse(await readFile(join(folder.path, report), "utf8"));
  return result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
}

/** What a start is not to load, each with how it shows among the files. */
const onDemand = {
  tracing: /@opentelemetry|tracing\/start-tracing|tracing\/tracing-settings/,
  metrics: /prom-client|metrics\/process-metrics/,
  autoMtls: /@peculiar|reflect-metadata|auto-mtls/,
  http: /undici|sdk\/dist\/http\/(?!tracing|metrics)/,
  reflection: /protocol\/dist\/reflection/,
};

function found(files: readonly string[]): string[] {
  return Object.entries(onDemand).flatMap(([what, pattern]) =>
    files.some((file) => pattern.test(file)) ? [what] : [],
  );
}

const query = (json: Readonly<Record<string, unknown>>) => ({ context, queries: [{ refId: "A", json }] });

describe("a plugin loads what its calls need, and no more", () => {
  test("what a binary has for its start is apart from what is loaded on demand", async () => {
    await using folder = await temporaryFolder();
    await bundleInParts(csvBackend, folder.path);
    const files = (await readdir(folder.path)).filter((name) => name.endsWith(".js"));
    const all = (await Promise.all(files.map((file) => modulesOfStart(folder.path, file)))).flat();
    expect(found(all)).toEqual(["tracing", "metrics", "autoMtls", "reflection"]);
    const start = await modulesOfStart(folder.path, "main.js");
    expect(start.some((file) => /sdk\/dist\/server\/serve\.js$/.test(file))).toBe(true);
    expect(found(start)).toEqual([]);
  });

  test("at its start and for a query, nothing of traces, metrics, TLS or HTTP", async () => {
    const files = await loadedFiles((plugin) => plugin.queryData(query({})));
    expect(files.some((file) => /sdk\/dist\/server\/serve\.js$/.test(file))).toBe(true);
    expect(found(files)).toEqual([]);
  });

  test("metrics when they are collected", async () => {
    expect(found(await loadedFiles((plugin) => plugin.collectMetrics(context)))).toEqual(["metrics"]);
  });

  test("traces where Grafana asks for them, in Node as in the binary", async () => {
    await using collector = await startTraceCollector();
    await using server = await listen(createServer((_, response) => response.end("{}")));
    const env = { GF_INSTANCE_OTLP_ADDRESS: collector.address, GF_INSTANCE_OTLP_SAMPLER_PARAM: "1" };
    const ask = (plugin: Plugin) => plugin.queryData(query({ url: `http://127.0.0.1:${server.port}` }));
    expect(found(await loadedFiles(ask, env))).toEqual(["tracing", "http"]);
    const [handler] = collector.named("sdk.queryData");
    expect(handler).toMatchObject({
      resource: { "process.runtime.description": expect.stringContaining("Node.js") },
      attributes: { request_status: "ok" },
    });
    expect(collector.named("HTTP Outgoing Request")).toMatchObject([
      { traceId: handler?.traceId, parentSpanId: handler?.spanId },
    ]);
  });
});
