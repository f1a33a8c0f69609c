import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { locatePlugin, startPlugin } from "@framewright/host";
import { beforeAll, describe, expect, test } from "vitest";
import { listen } from "../src/data-server.js";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { buildSdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";
import { type CollectedSpan, startTraceCollector, type TraceCollector } from "../src/trace-collector.js";

let executable: string;

beforeAll(async () => {
  executable = await buildSdkProbe();
});

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";
const traceparent = `00-${traceId}-${parentId}-01`;

/** Traces are asked for as Grafana does. */
function traced(collector: TraceCollector, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { GF_INSTANCE_OTLP_ADDRESS: collector.address, GF_INSTANCE_OTLP_SAMPLER_PARAM: "1", ...more };
}

function query(json: Readonly<Record<string, unknown>>) {
  return { context: sdkProbeContext(), queries: [{ refId: "A", json }] };
}

/** A server that keeps the headers it was asked with; `/no` is answered with 503. */
async function startServer() {
  const seen: IncomingHttpHeaders[] = [];
  const server = await listen(
    createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(request.url === "/no" ? 503 : 200, { "content-length": "5" }).end("12345");
    }),
  );
  return { seen, url: `http://127.0.0.1:${server.port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test.each(["traced", "not traced"])("what an instance does by itself belongs to no call: %s", async (how) => {
  await using collector = await startTraceCollector();
  await using server = await startServer();
  await using probe = await startSdkProbe(executable, how === "traced" ? traced(collector) : {});
  const context = sdkProbeContext({ jsonData: { poll: server.url } });
  // The timer is made in the call that opens the instance.
  await probe.plugin.queryData({ ...query({ act: "label" }), context }, { metadata: { traceparent } });
  const before = server.seen.length;
  await expect.poll(() => server.seen.length - before, { timeout: 10_000 }).toBeGreaterThan(5);
  // The first may have been on its way when the call ended.
  const polls = server.seen.slice(before + 1).map((headers) => String(headers["traceparent"]));
  expect(polls.filter((header) => header.includes(traceId))).toEqual([]);
  const metrics = await probe.plugin.collectMetrics(context);
  expect(metrics).toMatch(/^plugins_datasource_request_total\{.*endpoint="".*\} \d+$/m);
});

test("a query, its handler and its HTTP request are spans of the caller's trace", async () => {
  await using collector = await startTraceCollector();
  await using server = await startServer();
  await using probe = await startSdkProbe(executable, traced(collector, { GF_PLUGIN_VERSION: "1.2.3" }));
  const context = sdkProbeContext({}, { user: { login: "ada", name: "Ada", email: "", role: "Viewer" } });
  const asked = { ...query({ act: "request", url: server.url }), context };
  await probe.plugin.queryData(asked, { metadata: { traceparent, tracestate: "grafana=1" } });
  await probe.ask({ act: "throw", what: "string" });
  await probe.plugin.stop();

  const [rpc, other] = collector.named("pluginv2.Data/QueryData");
  expect(rpc).toMatchObject({
    traceId,
    parentSpanId: parentId,
    kind: "SPAN_KIND_SERVER",
    attributes: {
      "rpc.system.name": "grpc",
      "rpc.method": "pluginv2.Data/QueryData",
      "rpc.response.status_code": "OK",
    },
    scope: "framewright-sdkprobe-datasource",
    resource: {
      "service.name": "framewright-sdkprobe-datasource",
      "service.version": "1.2.3",
      "process.runtime.description": expect.stringContaining("Bun"),
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "opentelemetry",
    },
  });
  const [handler] = collector.named("sdk.queryData");
  expect(handler).toMatchObject({
    traceId,
    parentSpanId: rpc?.spanId,
    kind: "SPAN_KIND_INTERNAL",
    attributes: {
      plugin_id: "framewright-sdkprobe-datasource",
      org_id: 1,
      datasource_name: "SDK probe",
      datasource_uid: "ds",
      user: "Ada",
      request_status: "ok",
      status_source: "plugin",
    },
  });
  const [request] = collector.named("HTTP Outgoing Request");
  expect(request).toMatchObject({
    traceId,
    parentSpanId: handler?.spanId,
    kind: "SPAN_KIND_CLIENT",
    attributes: {
      "http.method": "GET",
      "http.url": `${server.url}/`,
      "http.status_code": 200,
      "http.content_length": 5,
      datasource_uid: "ds",
    },
    status: { code: "STATUS_CODE_UNSET" },
  });
  expect(server.seen[0]).toMatchObject({
    traceparent: `00-${traceId}-${request?.spanId}-01`,
    tracestate: "grafana=1",
  });
  // A call that belongs to no trace begins one.
  expect(other).toMatchObject({ parentSpanId: "" });
  expect(other?.traceId).not.toBe(traceId);
  expect(collector.named("sdk.queryData")[1]).toMatchObject({
    attributes: { request_status: "error", status_source: "plugin" },
  });
});

test("the trace may be named by Jaeger's header, and is handed on by it", async () => {
  await using collector = await startTraceCollector();
  await using server = await startServer();
  await using probe = await startSdkProbe(executable, traced(collector, { GF_INSTANCE_OTLP_PROPAGATION: "jaeger" }));
  const uberTraceId = `${traceId}:${parentId}:0:1`;
  const call = query({ act: "request", url: server.url });
  await probe.plugin.queryData(call, { metadata: { "uber-trace-id": uberTraceId } });
  await probe.plugin.stop();
  expect(collector.named("pluginv2.Data/QueryData")).toMatchObject([{ traceId, parentSpanId: parentId }]);
  const [request] = collector.named("HTTP Outgoing Request");
  expect(server.seen[0]?.["uber-trace-id"]).toBe(`${traceId}:${request?.spanId}:0:01`);
  expect(server.seen[0]?.["traceparent"]).toBeUndefined();
});

test("both kinds of headers are understood and sent where both are asked for", async () => {
  await using collector = await startTraceCollector();
  await using server = await startServer();
  const env = traced(collector, { GF_INSTANCE_OTLP_PROPAGATION: "jaeger,w3c" });
  await using probe = await startSdkProbe(executable, env);
  const call = query({ act: "request", url: server.url });
  await probe.plugin.queryData(call, { metadata: { "uber-trace-id": `${traceId}:${parentId}:0:1` } });
  await probe.plugin.queryData(call, { metadata: { traceparent } });
  await probe.plugin.stop();
  expect(collector.named("pluginv2.Data/QueryData").map((span) => span.parentSpanId)).toEqual([parentId, parentId]);
  expect(Object.keys(server.seen[0] ?? {})).toEqual(expect.arrayContaining(["uber-trace-id", "traceparent"]));
});

test("spans that an author makes with OpenTelemetry's API stand between the call's and the request's", async () => {
  await using collector = await startTraceCollector();
  await using server = await startServer();
  await using probe = await startSdkProbe(executable, traced(collector));
  await probe.plugin.queryData(query({ act: "request", url: server.url, path: "no", span: true }), {
    metadata: { traceparent },
  });
  await probe.plugin.stop();
  const [own] = collector.named("probe.request");
  expect(own).toMatchObject({ parentSpanId: collector.named("sdk.queryData")[0]?.spanId, scope: "probe" });
  expect(collector.named("HTTP Outgoing Request")).toMatchObject([
    {
      parentSpanId: own?.spanId,
      attributes: { "http.status_code": 503 },
      status: { code: "STATUS_CODE_ERROR", message: "error with HTTP status code 503" },
    },
  ]);
});

test("calls side by side keep their traces apart, and their log lines name them", async () => {
  await using collector = await startTraceCollector();
  await using server = await startServer();
  await using probe = await startSdkProbe(executable, traced(collector));
  const ids = Array.from({ length: 40 }, (_, i) => (i + 1).toString(16).padStart(32, "0"));
  await Promise.all(
    ids.map((id) =>
      probe.plugin.queryData(query({ act: "request", url: server.url, span: true }), {
        metadata: { traceparent: `00-${id}-${parentId}-01` },
      }),
    ),
  );
  await probe.plugin.stop();
  const byTrace = new Map<string, string[]>();
  for (const { traceId: id, name } of collector.spans) {
    byTrace.set(id, [...(byTrace.get(id) ?? []), name].sort());
  }
  const names = ["HTTP Outgoing Request", "pluginv2.Data/QueryData", "probe.request", "sdk.queryData"];
  expect(byTrace).toEqual(new Map(ids.map((id) => [id, names])));
  const counted = probe.logged("counted").map((entry) => entry.fields["traceId"]);
  expect(counted.sort()).toEqual(ids);
});

test("what fails is marked as such, without secrets", async () => {
  await using collector = await startTraceCollector();
  await using probe = await startSdkProbe(executable, traced(collector));
  const context = sdkProbeContext({ secureJsonData: { token: "hush-hush-hush" } });
  const stream = probe.plugin.runStream({ context, path: "other" });
  await expect(async () => {
    for await (const _ of stream) {
      // Until it fails.
    }
  }).rejects.toThrow();
  await probe.plugin.stop();
  const message = 'channel "other" of SDK probe: the broker closed [redacted]';
  expect(collector.named("sdk.runStream")).toMatchObject([
    {
      attributes: { request_status: "error", status_source: "downstream" },
      status: { code: "STATUS_CODE_ERROR", message },
      exceptions: [message],
    },
  ]);
  expect(collector.named("pluginv2.Stream/RunStream")).toMatchObject([
    { attributes: { "rpc.response.status_code": "UNKNOWN" }, status: { code: "STATUS_CODE_ERROR" } },
  ]);
  expect(JSON.stringify(collector.spans)).not.toContain("hush");
});

test("an error of which nothing but the message can be read is answered, and its spans end", async () => {
  await using collector = await startTraceCollector();
  await using probe = await startSdkProbe(executable, traced(collector));
  const context = sdkProbeContext({ secureJsonData: { token: "hush-hush-hush" } });
  const asked = { context, operation: "create", kind: { group: "g", version: "v1", kind: "K" } } as const;
  await expect(probe.plugin.validateAdmission(asked, { timeoutMs: 5_000 })).rejects.toThrow(/odd$/);
  await probe.plugin.stop();
  expect(collector.named("sdk.validateAdmission")).toMatchObject([
    { status: { code: "STATUS_CODE_ERROR", message: "odd" }, exceptions: ["odd"] },
  ]);
});

describe("which traces are recorded", () => {
  const notSampled = `00-${traceId}-${parentId}-00`;

  test.each([
    {
      what: "none without a decision, where the sampler is off",
      env: { GF_INSTANCE_OTLP_SAMPLER_PARAM: "0" },
      counts: [0, 1],
    },
    {
      what: "those that the caller has not ruled out",
      env: { GF_INSTANCE_OTLP_SAMPLER_TYPE: "const" },
      counts: [10, 1],
    },
    {
      what: "none by a probability of 0",
      env: { GF_INSTANCE_OTLP_SAMPLER_TYPE: "probabilistic", GF_INSTANCE_OTLP_SAMPLER_PARAM: "0" },
      counts: [0, 1],
    },
    {
      what: "so many a second",
      env: { GF_INSTANCE_OTLP_SAMPLER_TYPE: "rateLimiting", GF_INSTANCE_OTLP_SAMPLER_PARAM: "0.001" },
      counts: [1, 1],
    },
    { what: "all where the number is none", env: { GF_INSTANCE_OTLP_SAMPLER_PARAM: "x" }, counts: [10, 1] },
  ])("$what", async ({ env, counts }) => {
    await using collector = await startTraceCollector();
    await using probe = await startSdkProbe(executable, traced(collector, env));
    for (let i = 0; i < 10; i++) {
      await probe.ask({ act: "label" });
    }
    // Of the two that the caller has decided on, always the one.
    await probe.plugin.queryData(query({ act: "label" }), { metadata: { traceparent } });
    await probe.plugin.queryData(query({ act: "label" }), { metadata: { traceparent: notSampled } });
    await probe.plugin.stop();
    const spans = collector.named("sdk.queryData");
    expect([
      spans.filter((span) => span.traceId !== traceId).length,
      spans.filter((span) => span.traceId === traceId).length,
    ]).toEqual(counts);
  });

  test("what a server of strategies says", async () => {
    const asked: (string | undefined)[] = [];
    await using strategies = await listen(
      createServer((request, response) => {
        asked.push(request.url);
        response.end(JSON.stringify({ strategyType: "PROBABILISTIC", probabilisticSampling: { samplingRate: 1 } }));
      }),
    );
    await using collector = await startTraceCollector();
    await using probe = await startSdkProbe(
      executable,
      traced(collector, {
        GF_INSTANCE_OTLP_SAMPLER_TYPE: "remote",
        GF_INSTANCE_OTLP_SAMPLER_PARAM: "0",
        GF_INSTANCE_OTLP_SAMPLER_REMOTE_URL: `http://127.0.0.1:${strategies.port}/sampling`,
      }),
    );
    await expect.poll(() => asked).toEqual(["/sampling?service=framewright-sdkprobe-datasource"]);
    await expect
      .poll(
        async () => {
          await probe.ask({ act: "label" });
          return collector.spans.length;
        },
        { timeout: 15_000, interval: 200 },
      )
      .toBeGreaterThan(0);
  });
});

describe("a collector that does not answer", () => {
  test("is told of once, fails no call and holds up no end", async () => {
    const gone = await startTraceCollector();
    await gone[Symbol.asyncDispose]();
    await using probe = await startSdkProbe(executable, traced(gone));
    for (let i = 0; i < 5; i++) {
      expect(await probe.ask({ act: "label" })).toMatchObject({ status: 200 });
    }
    expect(await probe.plugin.stop()).toMatchObject({ code: 0, killed: false });
    expect(probe.logged(/^traces cannot be sent/).length).toBeLessThanOrEqual(1);
    expect(probe.logs.filter((entry) => entry.level === "error")).toEqual([]);
  });

  test("but takes connections, does not hold up an end either", async () => {
    const sockets = new Set<Socket>();
    const hole = createTcpServer((socket) => sockets.add(socket.on("error", () => {}))).listen(0, "127.0.0.1");
    await once(hole, "listening");
    const { port } = hole.address() as AddressInfo;
    await using probe = await startSdkProbe(executable, {
      GF_INSTANCE_OTLP_ADDRESS: `127.0.0.1:${port}`,
      GF_INSTANCE_OTLP_SAMPLER_PARAM: "1",
    });
    expect(await probe.ask({ act: "label" })).toMatchObject({ status: 200 });
    const asked = performance.now();
    expect(await probe.plugin.stop()).toMatchObject({ code: 0, killed: false });
    // Grafana kills what has not ended after 2 s.
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect(sockets.size).toBeGreaterThan(0);
    for (const socket of sockets) {
      socket.destroy();
    }
    hole.close();
  });

  test("is said to, by its address", async () => {
    const gone = await startTraceCollector();
    await gone[Symbol.asyncDispose]();
    await using probe = await startSdkProbe(executable, traced(gone));
    await probe.ask({ act: "label" });
    // Spans are sent every 5 s, and again for some time.
    await expect
      .poll(() => probe.logged(/^traces cannot be sent/), { timeout: 30_000 })
      .toMatchObject([
        { level: "warn", fields: { address: gone.address, error: expect.stringContaining("ECONNREFUSED") } },
      ]);
  }, 40_000);
});

test("a configuration that cannot be used is said, and the plugin serves without traces", async () => {
  await using collector = await startTraceCollector();
  const wrong = [
    [{ GF_INSTANCE_OTLP_PROPAGATION: "b3" }, "b3"],
    [{ GF_INSTANCE_OTLP_SAMPLER_TYPE: "sometimes" }, "sometimes"],
    [{ GF_INSTANCE_OTLP_SAMPLER_PARAM: "0.5" }, "0.5"],
  ] as const;
  for (const [env, text] of wrong) {
    await using probe = await startSdkProbe(executable, traced(collector, env));
    expect(await probe.ask({ act: "label" })).toMatchObject({ status: 200 });
    const [variable = ""] = Object.keys(env);
    await expect
      .poll(() => probe.logged("the plugin runs without traces"))
      .toMatchObject([
        { level: "error", fields: { error: expect.stringMatching(new RegExp(`${variable}: .*${text}`)) } },
      ]);
  }
  expect(collector.spans).toEqual([]);
});

test("without a collector the trace is handed on, and named in the log", async () => {
  await using server = await startServer();
  await using probe = await startSdkProbe(executable);
  await probe.plugin.queryData(query({ act: "request", url: server.url, span: true }), { metadata: { traceparent } });
  await probe.plugin.queryData(query({ act: "request", url: server.url }));
  expect(server.seen.map((headers) => headers["traceparent"])).toEqual([traceparent, undefined]);
  await expect
    .poll(() => probe.logged("counted").map((entry) => entry.fields["traceId"]))
    .toEqual([traceId, undefined]);
});

const reason = missingGo();

test.skipIf(reason !== undefined)("spans have the names and attributes of a plugin made with the Go SDK", async () => {
  await using collector = await startTraceCollector();
  const go = (await locatePlugin(goPluginDist)).executable;
  const described: unknown[] = [];
  for (const path of [go, executable]) {
    await using plugin = await startPlugin({ executable: path, env: traced(collector) });
    const before = collector.spans.length;
    await plugin.queryData(query({ rows: 1, act: "label" }), { metadata: { traceparent } });
    await plugin.checkHealth(sdkProbeContext(), { metadata: { traceparent } });
    await plugin.collectMetrics(sdkProbeContext());
    await plugin.stop();
    described.push(describeSpans(collector.spans.slice(before)));
  }
  const [theirs, ours] = described;
  expect(ours).toEqual(theirs);
});

/** The spans of a plugin as a tree of names, kinds and attributes; values that are a process's own left out. */
function describeSpans(spans: readonly CollectedSpan[]): unknown {
  // Where the plugin listens, what Go's profiler links to, and the span that is there of an RPC without a handler.
  const left = new Set(["server.address", "pyroscope.profile.id"]);
  return spans
    .filter(({ name }) => !/CollectMetrics|^plugin\.|^grpc\./.test(name))
    .map((span) => ({
      name: span.name,
      kind: span.kind,
      parent: spans.find(({ spanId }) => spanId === span.parentSpanId)?.name ?? span.parentSpanId,
      attributes: Object.fromEntries(Object.entries(span.attributes).filter(([key]) => !left.has(key))),
      status: span.status,
      resource: Object.keys(span.resource).sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
