import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpSpanStart, type HttpTracing } from "../../src/http/index.js";
import { metricLabel } from "../../src/http/metrics/http-metrics.js";
import { collectMetrics } from "../../src/metrics/exposed-metrics.js";
import { startServer, type TestServer } from "./test-server.js";

let server: TestServer;

beforeEach(async () => {
  server = await startServer((request, response) => {
    if (request.url === "/break") {
      response.destroy();
    } else {
      response.writeHead(request.url.startsWith("/missing") ? 404 : 200).end("12345");
    }
  });
});

afterEach(() => server[Symbol.asyncDispose]());

const plugin = { id: "acme-weather-datasource", version: "1.0.0" };

async function counts(): Promise<readonly string[]> {
  return new TextDecoder().decode(await collectMetrics()).split("\n");
}

describe("metrics", () => {
  it("counts requests under the Go SDK's names", async () => {
    await using client = await createHttpClient(
      { url: server.url, jsonData: {}, secureJsonData: {} },
      { plugin: { id: "acme-counted-datasource", version: "" } },
    );
    const call = client.for({ endpoint: "queryData" });
    await call.text("/ok");
    await (await call.fetch("/missing", { method: "POST", body: "x" })).text();
    await expect(call.fetch("/break")).rejects.toThrow();

    const labels = 'datasource_type="acmecounteddatasource",secure_socks_ds_proxy_enabled="false",endpoint="queryData"';
    const text = new TextDecoder().decode(await collectMetrics());
    for (const line of [
      `plugins_datasource_request_total{${labels},code="200",method="get"} 1`,
      `plugins_datasource_request_total{${labels},code="404",method="post"} 1`,
      `plugins_datasource_request_duration_seconds_count{${labels},code="200",method="get"} 1`,
      `plugins_datasource_response_size_bytes_sum{${labels}} 10`,
      `plugins_datasource_response_size_bytes_count{${labels}} 2`,
      `plugins_datasource_response_size{${labels}} 5`,
      `plugins_datasource_request_in_flight{${labels}} 0`,
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toContain(`plugins_datasource_response_size_bytes_bucket{${labels},le="8589934592"} 2`);
    expect(text.match(/^plugins_datasource_request_total\{datasource_type="acmecounted/gm)).toHaveLength(2);
  });

  it("label methods of the author's own as unknown, as Go's promhttp does", async () => {
    await using client = await createHttpClient(
      { url: server.url, jsonData: {}, secureJsonData: {} },
      { plugin: { id: "acme-methods-datasource", version: "" } },
    );
    for (const method of ["PROPFIND", "MKCOL", "SEARCH", "PATCH"]) {
      await (await client.fetch("/ok", { method })).text();
    }
    const counted = (await counts()).filter((line) => /^plugins_datasource_request_total\{.*acmemethods/.test(line));
    expect(counted.map((line) => /method="(\w+)"\} (\d+)$/.exec(line)?.slice(1))).toEqual([
      ["unknown", "3"],
      ["patch", "1"],
    ]);
  });

  it.each([
    ["acme-weather-datasource", "acmeweatherdatasource"],
    ["with space", "with_space"],
    ["9lives", "lives"],
    ["-9lives", "9lives"],
    ["", ""],
  ])("labels %j as %j", (id, label) => {
    expect(metricLabel(id)).toBe(label);
  });
});

describe("tracing", () => {
  it("carries a span to the server and ends it with the outcome", async () => {
    const started: HttpSpanStart[] = [];
    const ended: unknown[] = [];
    const tracing: HttpTracing = {
      start(request, call) {
        started.push(request);
        return {
          headers: {
            traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0${call?.endpoint === "e" ? 1 : 0}`,
          },
          end: (outcome) => ended.push("response" in outcome ? outcome.response.status : outcome.error),
        };
      },
    };
    await using client = await createHttpClient(
      { uid: "u", name: "Weather", url: server.url, jsonData: {}, secureJsonData: {} },
      { plugin, tracing },
    );
    await client.for({ endpoint: "e" }).fetch("/missing?token=hush");
    await expect(client.fetch("/break")).rejects.toThrow();
    expect(server.seen[0]?.headers["traceparent"]).toBe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    const attributes = { datasource_name: "Weather", datasource_uid: "u", datasource_type: "acme-weather-datasource" };
    expect(started).toEqual([
      { method: "GET", url: `${server.url}/missing`, attributes },
      { method: "GET", url: `${server.url}/break`, attributes },
    ]);
    expect(ended).toEqual([404, expect.objectContaining({ source: "downstream", status: 502 })]);
  });
});

describe("a tracing of the author's that throws", () => {
  const settings = { jsonData: {}, secureJsonData: {} };

  it("at the end of a span leaves the answer, ends the span once and counts the request once", async () => {
    const ended: unknown[] = [];
    const tracing: HttpTracing = {
      start: () => ({
        headers: {},
        end(outcome) {
          ended.push("response" in outcome ? outcome.response.status : "failed");
          throw new Error("the end cannot be told");
        },
      }),
    };
    await using client = await createHttpClient(
      { ...settings, url: server.url },
      { plugin: { id: "acme-throws-datasource", version: "" }, tracing },
    );
    expect(await client.text("/ok")).toBe("12345");
    await expect(client.fetch("/break")).rejects.toMatchObject({ source: "downstream" });
    expect(ended).toEqual([200, "failed"]);
    const measured = (await counts()).filter((line) => line.includes("acmethrows"));
    expect(measured.filter((line) => /^plugins_datasource_request_(total|in_flight)/.test(line))).toEqual([
      expect.stringMatching(/^plugins_datasource_request_total\{.*,code="200",method="get"\} 1$/),
      expect.stringMatching(/^plugins_datasource_request_in_flight\{.*\} 0$/),
    ]);
  });

  it("at its start leaves the request without a span", async () => {
    const tracing: HttpTracing = {
      start() {
        throw new Error("no span");
      },
    };
    await using client = await createHttpClient({ ...settings, url: server.url }, { plugin, tracing });
    expect(await client.text("/ok")).toBe("12345");
  });

  it("by headers that are none ends the span with the request", async () => {
    const ended: unknown[] = [];
    const tracing: HttpTracing = {
      start: () => ({ headers: { "no header": "x" }, end: (outcome) => ended.push(Object.keys(outcome)) }),
    };
    await using client = await createHttpClient({ ...settings, url: server.url }, { plugin, tracing });
    await expect(client.text("/ok")).rejects.toThrow(/no header/);
    expect(ended).toEqual([["error"]]);
  });
});

describe("middleware", () => {
  it("runs around each request, the first outermost", async () => {
    const order: string[] = [];
    const named = (name: string) => async (request: Request, next: (request: Request) => Promise<Response>) => {
      order.push(`${name} in`);
      const response = await next(
        new Request(request, { headers: { ...Object.fromEntries(request.headers), [name]: "1" } }),
      );
      order.push(`${name} out`);
      return response;
    };
    await using client = await createHttpClient(
      { url: server.url, jsonData: {}, secureJsonData: {} },
      { middleware: [named("a"), named("b")] },
    );
    await client.fetch("/ok", { method: "POST", body: "text" });
    expect(order).toEqual(["a in", "b in", "b out", "a out"]);
    expect(server.seen[0]).toMatchObject({ body: "text", headers: { a: "1", b: "1" } });
  });

  it("may answer itself, and ask with a shorter time of its own", async () => {
    await using client = await createHttpClient(
      { url: server.url, jsonData: {}, secureJsonData: {} },
      { middleware: [(request, next) => (request.url.endsWith("/mine") ? new Response("mine") : next(request))] },
    );
    expect(await client.text("/mine")).toBe("mine");
    expect(await client.text("/ok")).toBe("12345");
    expect(server.seen).toHaveLength(1);
  });
});
