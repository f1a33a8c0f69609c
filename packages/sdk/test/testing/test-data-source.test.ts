import { setImmediate } from "node:timers/promises";
import { frame, numbers, valuesOf } from "@framewright/data";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineDataSource, definePlugin } from "../../src/index.js";
import { DataFrameFormat, DataResponse } from "../../src/messages.js";
import { goldenText, parseGolden, TestCallError, testDataSource, testGrafanaConfig } from "../../src/testing/index.js";
import { collect } from "../helpers.js";
import { events, weather } from "./weather.js";

beforeEach(() => {
  events.length = 0;
});

const january = { from: "2026-01-01", to: new Date("2026-01-31T00:00:00Z") };

describe("query", () => {
  it("gives the frames as Grafana gets them, for the time range and interval asked for", async () => {
    await using client = testDataSource(weather, { settings: { unit: "kelvin" } });
    const { frame, status, error, errorSource } = await client.query(
      { city: "Bern" },
      { timeRange: january, intervalMs: 5, maxDataPoints: 10 },
    );
    expect({ status, error, errorSource }).toEqual({ status: 200, error: undefined, errorSource: undefined });
    expect(goldenText(frame)).toBe(`frame "Bern"
refId "A"
field "time" time?
field "value" float64?
  config.unit "kelvin"

| "time"               | "value" |
|----------------------|---------|
| 2026-01-01T00:00:00Z |       5 |
| 2026-01-31T00:00:00Z |      10 |
2 rows
`);
    expect(parseGolden(goldenText(frame))).toEqual([expect.objectContaining({ name: "Bern", length: 2 })]);
  });

  it("asks for the last six hours and 1,000 points where nothing else is said", async () => {
    await using client = testDataSource(weather);
    const before = Date.now();
    const { frame } = await client.query({ city: "Bern" });
    const [from = 0n, to = 0n] = [...valuesOf(frame.fields[0] ?? numbersField())].map((ns) => BigInt(ns as bigint));
    expect(to - from).toBe(6n * 3_600_000_000_000n);
    expect(Number(to / 1_000_000n)).toBeGreaterThanOrEqual(before);
    expect([...valuesOf(frame.fields[1] ?? numbersField())]).toEqual([21_600, 1_000]);
  });

  it.each([
    [{ city: 1 }, {}, 400, /^query\.city: /],
    [{ city: "Bern" }, { settings: { unit: "rankine" } }, 400, /^settings\.unit: /],
    [{ city: "Bern", fail: "refused" }, { secrets: { token: "open sesame" } }, 403, /^refused \[redacted\]$/],
  ])("answers %j of %j as through the wire", async (query, setup, status, error) => {
    await using client = testDataSource(weather, setup);
    const answer = await client.query(query);
    expect(answer).toMatchObject({
      status,
      error: expect.stringMatching(error),
      errorSource: "downstream",
      frames: [],
    });
    expect(() => answer.frame).toThrow(`the query failed with status ${status} (downstream)`);
  });

  it("keeps what was logged, without secrets", async () => {
    await using client = testDataSource(weather, { secrets: { token: "open sesame" } });
    await client.query({ city: "Bern", fail: "refused" });
    expect(client.logs).toMatchObject([
      { level: "warn", message: "token [redacted] was refused", fields: { refId: "A", dsName: "Test" } },
      { level: "warn", message: "query failed", fields: { status: 403, endpoint: "queryData" } },
    ]);
  });

  it("gives the answers of a request by refId, each with its own error", async () => {
    await using client = testDataSource(weather);
    const answers = await client.queries([
      { refId: "X", json: { city: "Bern" } },
      { refId: "Y", json: {} },
      { refId: "Z", json: { pieces: 2 }, queryType: "pieces" },
    ]);
    expect([...answers].map(([refId, { status }]) => [refId, status])).toEqual([
      ["X", 200],
      ["Y", 400],
      ["Z", 200],
    ]);
    expect(answers.get("Z")?.frame.length).toBe(2);
  });

  it("gives an answer piece by piece, and closes it when the loop is left", async () => {
    await using client = testDataSource(weather);
    const pieces = await collect(client.queryChunked({ pieces: 3 }, { queryType: "pieces" }));
    expect(pieces.map(({ refId, frameId, frame }) => [refId, frameId, frame?.length])).toEqual([
      ["A", "f0", 1],
      ["A", "f0", 1],
      ["A", "f0", 1],
    ]);
    for await (const { status, error } of client.queryChunked({ city: 1 })) {
      expect({ status, error }).toEqual({ status: 400, error: expect.stringMatching(/^query\.city: /) });
      break;
    }
  });

  it("says so where an answer is not of one frame, or a time range is none", async () => {
    const many = defineDataSource({ pluginId: "p", query: () => [frame("a", {}), frame("b", {})] });
    await using client = testDataSource(many);
    const answer = await client.query({});
    expect(() => answer.frame).toThrow("the answer has 2 frames, not one");
    await expect(client.query({}, { timeRange: { from: "tomorrow", to: 0 } })).rejects.toThrow(
      'timeRange.from: "tomorrow" is no moment',
    );
  });

  it("refuses, as the encoder does, a frame that Grafana could not read", async () => {
    const wrong = frame("f", { v: numbers([1]) });
    const plugin = defineDataSource({ pluginId: "p", query: () => ({ ...wrong, length: 2 }) });
    await using client = testDataSource(plugin);
    expect(await client.query({})).toMatchObject({ status: 500, errorSource: "plugin", frames: [] });
  });
});

describe("who calls", () => {
  it("is Grafana's first user unless told otherwise, or nobody", async () => {
    await using client = testDataSource(weather, { secrets: { token: "open sesame" } });
    expect(await client.checkHealth()).toEqual({
      status: "ok",
      message: "admin as Admin with [redacted]",
      details: { alert: false, rows: 1_000_000 },
    });
    const viewer = client.with({ user: { login: "eve", role: "Viewer" } });
    expect((await viewer.checkHealth()).message).toBe("eve as Viewer with [redacted]");
    expect(await viewer.publish("ticks", 1)).toEqual({ status: "permissionDenied", data: undefined });
    const alert = client.with({ user: null, headers: { FromAlert: "true" } });
    expect(await alert.checkHealth()).toMatchObject({
      message: "nobody as nothing with [redacted]",
      details: { alert: true },
    });
    // One instance for all of them.
    expect(events).toEqual(["open celsius"]);
  });

  it("brings Grafana's configuration, whose defaults are listed", async () => {
    expect(testGrafanaConfig).toMatchObject({ GF_CONCURRENT_QUERY_COUNT: "10" });
    await using client = testDataSource(weather, { grafanaConfig: { GF_SQL_ROW_LIMIT: "7" } });
    expect(await client.checkHealth()).toMatchObject({ details: { rows: 7 } });
  });

  it("brings the data source's own fields", async () => {
    const plugin = defineDataSource({
      pluginId: "p",
      checkHealth: ({
        instance: { uid, name, url, user, database, basicAuth, updated, settings },
        orgId,
        namespace,
      }) => ({
        status: "ok",
        message: "",
        details: { uid, name, url, user, database, basicAuth, updated, settings, orgId, namespace },
      }),
    });
    const setup = {
      uid: "u",
      name: "N",
      url: "http://a",
      database: "d",
      databaseUser: "me",
      basicAuthUser: "b",
      orgId: 3,
    };
    await using client = testDataSource(plugin, setup);
    expect((await client.checkHealth()).details).toEqual({
      uid: "u",
      name: "N",
      url: "http://a",
      user: "me",
      database: "d",
      basicAuth: { user: "b" },
      updated: "2026-01-01T00:00:00.000Z",
      settings: {},
      orgId: 3,
      namespace: "org-3",
    });
  });
});

describe("instances", () => {
  it("are opened anew when something else was saved, while who had the old settings goes on with them", async () => {
    await using before = testDataSource(weather, { settings: { unit: "celsius" } });
    await before.checkHealth();
    const after = before.with({ settings: { unit: "kelvin" } });
    await after.checkHealth();
    await before.checkHealth();
    expect(events).toEqual(["open celsius", "open kelvin"]);
    await before.dispose();
    expect(events.slice(2).sort()).toEqual(["dispose celsius", "dispose kelvin"]);
    await expect(after.query({ city: "Bern" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("are each client's own, so that a definition can be tested again after it was disposed", async () => {
    for (const unit of ["celsius", "kelvin"]) {
      await using client = testDataSource(weather, { settings: { unit } });
      expect((await client.checkHealth()).status).toBe("ok");
    }
    expect(events).toEqual(["open celsius", "dispose celsius", "open kelvin", "dispose kelvin"]);
  });

  it("stay each client's own where a definition is wrapped in another", async () => {
    let calls = 0;
    let disposed = 0;
    const counted = definePlugin({
      ...weather,
      use: [
        {
          unary(call) {
            calls++;
            return call.next();
          },
        },
      ],
      dispose: () => void disposed++,
    });
    for (let round = 1; round <= 2; round++) {
      await using client = testDataSource(counted);
      expect((await client.checkHealth()).status).toBe("ok");
      expect(calls).toBe(round);
    }
    expect(disposed).toBe(2);
    expect(events).toEqual(["open celsius", "dispose celsius", "open celsius", "dispose celsius"]);
  });
});

describe("resource", () => {
  it("takes a path or a Request, and gives a Response", async () => {
    await using client = testDataSource(weather, { settings: { unit: "kelvin" } });
    const response = await client.resource("unit?limit=2");
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toEqual({ unit: "kelvin", query: "?limit=2" });
    const body = JSON.stringify({ unit: "celsius" });
    expect((await client.resource("/unit", { method: "PUT", body })).status).toBe(204);
    expect((await client.resource(new Request("http://any/unit", { method: "PUT", body: "{}" }))).status).toBe(400);
    expect((await client.resource("nothing")).status).toBe(404);
  });

  it("streams the body, and cancels the call with it", async () => {
    const seen: string[] = [];
    const plugin = defineDataSource({
      pluginId: "p",
      resources: (request, { headers }) => {
        request.signal.addEventListener("abort", () => seen.push("aborted"));
        return new Response(
          new ReadableStream({
            pull: (stream) => stream.enqueue(new TextEncoder().encode(headers.get("x-part") ?? "")),
            cancel: () => void seen.push("cancelled"),
          }),
          { status: 201 },
        );
      },
    });
    await using client = testDataSource(plugin, { headers: { "x-part": "a", "x-other": "b" } });
    const response = await client.resource("endless", { headers: { "x-part": "c" } });
    expect(response.status).toBe(201);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("c");
    await reader?.cancel();
    await vi.waitFor(() => expect(seen).toContain("cancelled"));
  });
});

describe("streams", () => {
  it("subscribe and publish", async () => {
    await using client = testDataSource(weather);
    const { status, initialData } = await client.subscribe("ticks", { data: { from: 1 } });
    expect(status).toBe("ok");
    expect([...valuesOf(initialData?.frame?.fields[0] ?? numbersField())]).toEqual(['{"from":1}']);
    expect(await client.subscribe("other")).toEqual({ status: "notFound", initialData: undefined });
    expect(await client.publish("ticks", { a: 1 })).toEqual({
      status: "ok",
      data: { json: { a: 1 }, frame: undefined },
    });
  });

  it("run until the loop is left; a subscriber reads rows with the schema that came before", async () => {
    await using client = testDataSource(weather);
    const messages = [];
    for await (const message of client.run("ticks", { data: { schema: "mine" } })) {
      messages.push(message);
      if (messages.length === 3) {
        break;
      }
    }
    expect(messages.map(({ json }) => json)).toEqual([
      expect.objectContaining({ schema: expect.anything(), data: { values: [[0]] } }),
      { data: { values: [[1]] } },
      { schema: "mine" },
    ]);
    expect(messages.map(({ frame }) => frame && [...valuesOf(frame.fields[0] ?? numbersField())])).toEqual([
      [0],
      [1],
      undefined,
    ]);
    await vi.waitFor(() => expect(events).toContain("end ticks"));
  });

  it("end with what the channel threw, or the signal's reason", async () => {
    await using client = testDataSource(weather);
    await expect(collect(client.run("broken", { data: 1 }))).rejects.toMatchObject({
      name: "TestCallError",
      code: "UNKNOWN",
      details: 'channel "broken" of Test: the channel broke',
    });
    const controller = new AbortController();
    const running = collect(client.run("ticks", { data: 1, signal: controller.signal }));
    await vi.waitFor(() => expect(events).toContain("run ticks"));
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  });

  it("end with the client", async () => {
    const client = testDataSource(weather);
    const running = collect(client.run("ticks", { data: 1 }));
    await vi.waitFor(() => expect(events).toContain("run ticks"));
    await client.dispose();
    await expect(running).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe("what is no answer", () => {
  it("is a TestCallError where Grafana would get a status", async () => {
    const plugin = defineDataSource({
      pluginId: "p",
      convertObjects: async () => {
        throw new Error("cannot convert");
      },
    });
    await using client = testDataSource(plugin);
    await expect(client.query({})).rejects.toThrow(TestCallError);
    await expect(client.query({})).rejects.toMatchObject({
      code: "UNIMPLEMENTED",
      rpc: "/pluginv2.Data/QueryData",
      message:
        "/pluginv2.Data/QueryData: UNIMPLEMENTED: The server does not implement the method /pluginv2.Data/QueryData",
    });
    await expect(client.convertObjects({ uid: "1" })).rejects.toMatchObject({
      code: "UNKNOWN",
      details: "cannot convert",
    });
    await expect(client.validateAdmission({})).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
    await expect(client.mutateAdmission({})).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
    expect(await client.collectMetrics()).toContain("process_cpu_seconds_total");
    await client.dispose();
    await expect(client.convertObjects({})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("is the signal's reason where the caller gave up", async () => {
    await using client = testDataSource(weather);
    await expect(client.checkHealth({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    const controller = new AbortController();
    const asked = client.query({}, { queryType: "late", signal: controller.signal });
    await setImmediate();
    controller.abort(new Error("never mind"));
    await expect(asked).rejects.toThrow("never mind");
  });
});

describe("raw handlers", () => {
  it("are called as they are", async () => {
    const counts = new Set<number>();
    const plugin = definePlugin({
      pluginId: "raw",
      handlers: {
        async queryData({ queries, pluginContext, format }) {
          expect([pluginContext?.pluginId, format]).toEqual(["raw", DataFrameFormat.ARROW]);
          counts.add(queries.length);
          return { responses: new Map([["A", DataResponse.fromPartial({ error: "no", errorSource: "plugin" })]]) };
        },
      },
    });
    await using client = testDataSource(plugin);
    expect(await client.query({})).toMatchObject({ status: 500, error: "no", errorSource: "plugin" });
    await expect(client.query({}, { refId: "B" })).rejects.toThrow('the plugin gave no answer to the query "B"');
    expect(counts).toEqual(new Set([1]));
  });
});

/** A field for what is missing, so that an expectation fails in its place. */
function numbersField() {
  return numbers([Number.NaN]);
}
