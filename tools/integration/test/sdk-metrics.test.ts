import { createServer } from "node:http";
import { locatePlugin, startPlugin } from "@framewright/host";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { listen } from "../src/data-server.js";
import { type GoMetric, parseInGo } from "../src/go-metrics.js";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { type Scrape, scrape } from "../src/scrape.js";
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

/** The counts of `grafana_plugin_request_total`, each as `endpoint status source`. */
function requests({ samples }: Scrape): Record<string, number> {
  const counted = samples.get("grafana_plugin_request_total") ?? [];
  return Object.fromEntries(
    counted.map(({ labels, value }) => [`${labels["endpoint"]} ${labels["status"]} ${labels["status_source"]}`, value]),
  );
}

test("each call is counted once, by endpoint, status and source", async () => {
  const { plugin } = probe;
  const context = sdkProbeContext();
  const query = (refId: string, json: Readonly<Record<string, unknown>>) => ({ refId, json });
  await Promise.all(Array.from({ length: 40 }, () => probe.ask({ act: "label" })));
  await Promise.all(Array.from({ length: 7 }, () => probe.ask({ act: "throw", what: "string" })));
  await Promise.all(Array.from({ length: 5 }, () => probe.ask({ act: "throw", what: "wrapped" })));
  // One of the plugin's own weighs more than the one downstream, and any more than those that went well.
  const queries = [
    query("A", { act: "label" }),
    query("B", { act: "throw", what: "wrapped" }),
    query("C", { act: "throw", what: "string" }),
  ];
  await plugin.queryData({ context, queries });
  const cancelled = new AbortController();
  const hanging = plugin.queryData({ context, queries: [query("A", { act: "hang" })] }, { signal: cancelled.signal });
  await expect.poll(() => probe.logged("hanging")).toHaveLength(1);
  cancelled.abort();
  await expect(hanging).rejects.toThrow();
  for await (const _ of plugin.queryChunkedData({ context, queries })) {
    // To its end.
  }
  await plugin.checkHealth(context);
  await plugin.checkHealth(sdkProbeContext({ uid: "broken", jsonData: { open: "fails" } }));
  await (await plugin.callResource({ context, url: "/hono/label" })).text();
  await (await plugin.callResource({ context, url: "/routes/nothing/there" })).text();
  await (await plugin.callResource({ context, url: "/routes/leak/token" })).text();
  await plugin.subscribeStream({ context, path: "missing" });
  for await (const _ of plugin.runStream({ context, path: "changing" })) {
    // To its end.
  }
  await expect(async () => {
    for await (const _ of plugin.runStream({ context, path: "other" })) {
      // Until it fails.
    }
  }).rejects.toThrow();
  for await (const _ of plugin.runStream({ context, path: "ticks" })) {
    break;
  }

  const counted = {
    "queryData ok plugin": 40,
    "queryData error plugin": 8,
    "queryData error downstream": 5,
    "queryData cancelled downstream": 1,
    "queryChunkedData error plugin": 1,
    "checkHealth ok plugin": 1,
    "checkHealth error downstream": 1,
    // One of them with the status 404, which is an answer.
    "callResource ok plugin": 2,
    "callResource error plugin": 1,
    "subscribeStream ok plugin": 1,
    "runStream ok plugin": 1,
    "runStream error downstream": 1,
    "runStream cancelled downstream": 1,
  };
  // That a call was cancelled reaches the plugin after the caller knows.
  await expect.poll(async () => requests(await scrape(plugin))).toEqual(counted);

  const after = await scrape(plugin);
  const rpc = { grpc_type: "unary", grpc_service: "pluginv2.Data", grpc_method: "QueryData" };
  expect(after.value("grpc_server_started_total", rpc)).toBe(54);
  expect(after.value("grpc_server_msg_received_total", rpc)).toBe(54);
  expect(after.value("grpc_server_msg_sent_total", rpc)).toBe(53);
  expect(after.value("grpc_server_handled_total", { ...rpc, grpc_code: "OK" })).toBe(53);
  expect(after.value("grpc_server_handled_total", { ...rpc, grpc_code: "Canceled" })).toBe(1);
  expect(after.value("grpc_server_handling_seconds_count", rpc)).toBe(54);
  const run = { grpc_type: "server_stream", grpc_service: "pluginv2.Stream", grpc_method: "RunStream" };
  expect(after.value("grpc_server_handled_total", { ...run, grpc_code: "Unknown" })).toBe(1);
});

test("instances are counted as they are opened, replaced and disposed", async () => {
  const { plugin } = probe;
  const version = (n: number) => sdkProbeContext({ jsonData: { label: `v${n}` }, updated: new Date(n) });
  await probe.ask({ act: "label" }, { context: version(1) });
  await probe.ask({ act: "label" }, { context: sdkProbeContext({ uid: "other" }) });
  const failing = sdkProbeContext({ uid: "broken", jsonData: { open: "fails" } });
  await probe.ask({ act: "label" }, { context: failing });
  let seen = await scrape(plugin);
  expect(seen.value("plugins_active_instances")).toBe(2);
  expect(seen.value("plugins_datasource_instances_total")).toBe(3);
  await probe.ask({ act: "label" }, { context: version(2) });
  await expect.poll(() => probe.logged("disposed ds v1")).toHaveLength(1);
  seen = await scrape(plugin);
  expect(seen.value("plugins_active_instances")).toBe(2);
  expect(seen.value("plugins_datasource_instances_total")).toBe(4);
});

test("requests of an HTTP client are counted without the author's doing, with the endpoint of the call", async () => {
  await using server = await listen(
    createServer((request, response) => response.writeHead(request.url === "/no" ? 503 : 200).end("12345")),
  );
  const url = `http://127.0.0.1:${server.port}`;
  for (const path of ["", "", "no"]) {
    await probe.ask({ act: "request", url, path });
  }
  const seen = await scrape(probe.plugin);
  const labels = {
    datasource_type: "framewrightsdkprobedatasource",
    secure_socks_ds_proxy_enabled: "false",
    endpoint: "queryData",
  };
  const answered = (code: string) => ({ ...labels, code, method: "get" });
  expect(seen.value("plugins_datasource_request_total", answered("200"))).toBe(2);
  expect(seen.value("plugins_datasource_request_total", answered("503"))).toBe(1);
  expect(seen.value("plugins_datasource_request_duration_seconds_count", answered("200"))).toBe(2);
  expect(seen.value("plugins_datasource_response_size_bytes_count", labels)).toBe(3);
  expect(seen.value("plugins_datasource_response_size", labels)).toBe(5);
  expect(seen.value("plugins_datasource_request_in_flight", labels)).toBe(0);
});

test("an author's own metrics and those of the process stand beside them", async () => {
  for (let i = 0; i < 3; i++) {
    await probe.ask({ act: "label" });
  }
  await scrape(probe.plugin);
  await probe.ask({ act: "label" });
  const seen = await scrape(probe.plugin);
  expect(seen.text).toContain(
    "# HELP probe_asked_total Queries by what they ask for.\n# TYPE probe_asked_total counter\n",
  );
  expect(seen.value("probe_asked_total", { act: "label" })).toBe(4);
  for (const name of [
    "process_cpu_seconds_total",
    "process_start_time_seconds",
    "process_resident_memory_bytes",
    "nodejs_heap_size_used_bytes",
    ...(process.platform === "linux" ? ["process_open_fds", "process_max_fds", "process_virtual_memory_bytes"] : []),
  ]) {
    expect(seen.value(name), name).toBeGreaterThan(0);
  }
  expect(seen.samples.has("nodejs_eventloop_lag_p99_seconds")).toBe(true);
});

test("a process that may open no more files tells what it can", async () => {
  await using plugin = await startPlugin({
    executable: "/bin/sh",
    args: ["-c", 'ulimit -n 300; exec "$0"', executable],
  });
  const query = { context: sdkProbeContext(), queries: [{ refId: "A", json: { act: "openFiles" } }] };
  expect((await plugin.queryData(query)).get("A")).toMatchObject({ status: 200 });
  const seen = await scrape(plugin);
  expect(seen.samples.has("process_open_fds")).toBe(false);
  expect(seen.value("process_cpu_seconds_total")).toBeGreaterThan(0);
  expect(seen.value("probe_asked_total", { act: "openFiles" })).toBe(1);
});

test("with GF_PLUGIN_REQUEST_LOG each call has a line in the log, without it none", async () => {
  await using talking = await startSdkProbe(executable, { GF_PLUGIN_REQUEST_LOG: "true" });
  for (const { ask } of [probe, talking]) {
    await ask({ act: "label" });
    await ask({ act: "throw", what: "wrapped" });
    await ask({ act: "throw", what: "string" });
  }
  const of = { endpoint: "queryData", duration: expect.stringMatching(/^\d+\.\d{3}ms$/) };
  await expect
    .poll(() => talking.logged("Plugin Request Completed"))
    .toMatchObject([
      { level: "info", fields: { ...of, status: "ok", statusSource: "plugin" } },
      { level: "error", fields: { ...of, status: "error", statusSource: "downstream" } },
      { level: "error", fields: { ...of, status: "error", statusSource: "plugin" } },
    ]);
  expect(probe.logged("Plugin Request Completed")).toEqual([]);
});

const reason = missingGo();

test.skipIf(reason !== undefined)("Prometheus' own parser reads the same samples", async () => {
  for (const act of ["label", "label", "hang"]) {
    await probe.ask({ act }, { timeoutMs: 200 }).catch(() => {});
  }
  const { text, value } = await scrape(probe.plugin);
  for (const { name, type, samples } of await parseInGo(text)) {
    for (const sample of samples) {
      const own = type === "HISTOGRAM" ? `${name}_count` : name;
      expect(Number(sample.value), own).toBe(value(own, sample.labels));
      for (const [le, count] of Object.entries(sample.buckets ?? {})) {
        expect(count).toBe(value(`${name}_bucket`, { ...sample.labels, le }));
      }
    }
  }
});

test.skipIf(reason !== undefined)(
  "names, helps, types and labels are those of a plugin made with the Go SDK",
  async () => {
    const go = await startPlugin({ executable: (await locatePlugin(goPluginDist)).executable });
    const described: Record<string, unknown>[] = [];
    for (const plugin of [go, probe.plugin]) {
      const context = sdkProbeContext();
      await plugin.queryData({ context, queries: [{ refId: "A", json: { rows: 1, act: "label" } }] });
      await plugin.checkHealth(context);
      described.push(describeMetrics(await parseInGo((await scrape(plugin)).text)));
    }
    await go.stop();
    const [theirs = {}, ours] = described;
    // Left out is what only Go's runtime has, and what only its library counts of a process.
    const shared = Object.entries(theirs).filter(([name]) => !/^(go_|process_(network|virtual_memory_max))/.test(name));
    expect(shared.length).toBeGreaterThan(10);
    expect(ours).toMatchObject(Object.fromEntries(shared));
  },
);

/** Help, type, the labels of the samples and the bounds of a histogram. */
function describeMetrics(metrics: readonly GoMetric[]): Record<string, unknown> {
  return Object.fromEntries(
    metrics.map(({ name, help, type, samples: [sample] }) => [
      name,
      { help, type, labels: Object.keys(sample?.labels ?? {}).sort(), bounds: Object.keys(sample?.buckets ?? {}) },
    ]),
  );
}
