import { type Frame, frame, numbers, strings } from "@framewright/data";
import { type QueryDataRequest, type QueryDataResponse, StringList } from "@framewright/protocol";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { z } from "zod";
import {
  type DataSourceConfig,
  DownstreamError,
  defineDataSource,
  type InstanceContext,
  type Plugin,
  type QueryContext,
} from "../src/index.js";
import { callContext, dataSourceContext, queryRequest, recordedLog } from "./helpers.js";

const pluginId = "test-datasource";
const ok = frame("ok", { v: numbers([1]) });

async function ask(plugin: Plugin, request: QueryDataRequest, call = callContext()): Promise<QueryDataResponse> {
  const answer = await plugin.handlers.queryData?.(request, call);
  if (answer === undefined) {
    throw new Error("the plugin answers no queries");
  }
  return answer;
}

describe("schemas", () => {
  it("type and check settings, secrets and queries, whichever validator they are made with", async () => {
    const plugin = defineDataSource({
      pluginId,
      schema: {
        settings: z.object({ step: z.number().default(5) }),
        secrets: v.object({ token: v.string() }),
        query: v.object({ times: v.optional(v.number(), 2) }),
      },
      open({ settings, secrets, uid }) {
        expectTypeOf(settings).toEqualTypeOf<{ step: number }>();
        expectTypeOf(secrets).toEqualTypeOf<{ token: string }>();
        return { step: settings.step, label: `${uid}:${secrets.token.length}` };
      },
      query(query, { instance }) {
        expectTypeOf(query).toEqualTypeOf<{ times: number }>();
        expectTypeOf(instance).toEqualTypeOf<{ step: number; label: string }>();
        return frame(instance.label, { v: numbers([instance.step * query.times]) });
      },
    });
    const request = queryRequest({ A: {} }, { pluginContext: dataSourceContext({}, { token: "1234" }) });
    expect((await ask(plugin, request)).responses.get("A")).toMatchObject({ status: 200, error: "" });
  });

  it.each([
    { what: "settings", context: dataSourceContext({ step: "x" }, { token: "t" }), error: /^settings\.step: / },
    { what: "secrets", context: dataSourceContext({ step: 1 }), error: /^secrets\.token: / },
    { what: "no JSON", context: dataSourceContext("{"), error: /^settings: is not valid JSON$/ },
    { what: "JSON null", context: dataSourceContext(null), error: /^settings: .*expected object, received null/ },
  ])("answer a 400 that names the field: $what", async ({ context, error }) => {
    const plugin = defineDataSource({
      pluginId,
      schema: { settings: z.object({ step: z.number() }), secrets: z.object({ token: z.string() }) },
      query: () => ok,
    });
    const { responses } = await ask(plugin, queryRequest({ A: {}, B: {} }, { pluginContext: context }));
    for (const response of responses.values()) {
      expect(response).toMatchObject({ status: 400, errorSource: "downstream", error: expect.stringMatching(error) });
    }
    const health = await plugin.handlers.checkHealth?.({ pluginContext: context, headers: new Map() }, callContext());
    expect(health).toMatchObject({ status: 2, message: expect.stringMatching(error) });
  });

  it("keep a secret out of the error by which a validator repeats it", async () => {
    const plugin = defineDataSource({
      pluginId,
      schema: { secrets: v.object({ port: v.literal("x") }) },
      query: () => ok,
    });
    const context = dataSourceContext({}, { port: "s3cr3t-p0rt" });
    const { log, lines } = recordedLog();
    const { responses } = await ask(plugin, queryRequest({ A: {} }, { pluginContext: context }), callContext({ log }));
    expect(responses.get("A")?.error).toMatch(/^secrets\.port: .*received "\[redacted\]"/);
    expect(JSON.stringify(lines)).not.toContain("s3cr3t");
    expect(lines).toHaveLength(1);
  });
});

describe("a definition without open", () => {
  it("has the configuration as its instance", async () => {
    const plugin = defineDataSource({
      pluginId,
      schema: { settings: z.object({ step: z.number() }) },
      query(_query, { instance }) {
        expectTypeOf(instance).toEqualTypeOf<DataSourceConfig<{ step: number }>>();
        return frame(instance.name, { v: numbers([instance.settings.step]) });
      },
    });
    const { responses } = await ask(plugin, queryRequest({ A: {} }, { pluginContext: dataSourceContext({ step: 3 }) }));
    expect(responses.get("A")?.error).toBe("");
  });

  it("has no RPCs that it does not speak of", () => {
    const { handlers } = defineDataSource({ pluginId });
    expect(Object.keys(handlers).sort()).toEqual(["checkHealth", "collectMetrics"]);
  });
});

describe("query types", () => {
  const plugin = defineDataSource({
    pluginId,
    schema: { query: z.object({ free: z.string() }) },
    open: () => ({ prefix: "p" }),
    queryTypes: {
      table: {
        schema: z.object({ rows: z.number() }),
        query(query, { instance, queryType }) {
          expectTypeOf(query).toEqualTypeOf<{ rows: number }>();
          expectTypeOf(instance).toEqualTypeOf<{ prefix: string }>();
          return frame(`${instance.prefix} ${queryType} ${query.rows}`, { v: numbers([query.rows]) });
        },
      },
      lines: {
        schema: v.object({ text: v.string() }),
        async *query(query) {
          yield frame("lines", { v: strings([query.text]) });
          yield frame("lines", { v: strings([query.text]) });
        },
      },
    },
    query: (query) => frame(`free ${query.free}`, { v: numbers([0]) }),
  });
  const typed = (queryType: string, json: unknown) => {
    const request = queryRequest({ A: json });
    return { ...request, queries: request.queries.map((query) => ({ ...query, queryType })) };
  };

  it.each([
    { queryType: "table", json: { rows: 3 }, frames: 1 },
    { queryType: "lines", json: { text: "a" }, frames: 1 },
    { queryType: "", json: { free: "x" }, frames: 1 },
    { queryType: "other", json: { free: "x" }, frames: 1 },
  ])("go to their handlers: $queryType", async ({ queryType, json, frames }) => {
    const { responses } = await ask(plugin, typed(queryType, json));
    expect(responses.get("A")).toMatchObject({ error: "", status: 200 });
    expect(responses.get("A")?.frames).toHaveLength(frames);
  });

  it("have schemas of their own", async () => {
    const { responses } = await ask(plugin, typed("table", { free: "x" }));
    expect(responses.get("A")).toMatchObject({ status: 400, error: expect.stringMatching(/^query\.rows: /) });
  });

  it("are named where there is no handler for a query's", async () => {
    const only = defineDataSource({
      pluginId,
      queryTypes: { table: { schema: z.unknown(), query: () => ok }, lines: { schema: z.unknown(), query: () => ok } },
    });
    expect((await ask(only, typed("toString", {}))).responses.get("A")).toMatchObject({
      status: 400,
      errorSource: "downstream",
      error: 'queryType: "toString" is not one of "table", "lines"',
    });
  });

  it("tell the shapes of a discriminated union apart", async () => {
    const union = defineDataSource({
      pluginId,
      schema: {
        query: z.discriminatedUnion("queryType", [
          z.object({ queryType: z.literal("table"), rows: z.number() }),
          z.object({ queryType: z.literal("text"), text: z.string() }),
        ]),
      },
      query(query) {
        expectTypeOf(query.queryType).toEqualTypeOf<"table" | "text">();
        return query.queryType === "table"
          ? frame("table", { v: numbers([query.rows]) })
          : frame("text", { v: strings([query.text]) });
      },
    });
    expect((await ask(union, typed("text", { text: "a" }))).responses.get("A")).toMatchObject({ error: "" });
    expect((await ask(union, typed("table", { text: "a" }))).responses.get("A")).toMatchObject({ status: 400 });
  });
});

describe("queryAll", () => {
  const seen: string[][] = [];
  const plugin = defineDataSource({
    pluginId,
    schema: { query: z.object({ n: z.number() }) },
    open: () => 10,
    async queryAll(queries, { instance }) {
      expectTypeOf(queries[0]?.query).toEqualTypeOf<{ n: number } | undefined>();
      seen.push(queries.map(({ refId }) => refId));
      return new Map<string, Frame | Error>(
        queries
          .filter(({ query }) => query.n !== 3)
          .map(({ refId, query }) => [
            refId,
            query.n === 2
              ? new DownstreamError("two is bad", { status: 422 })
              : frame("f", { v: numbers([query.n * instance]) }),
          ]),
      );
    },
  });

  it("answers what fits in one call, each query with its frames or its error", async () => {
    const { responses } = await ask(plugin, queryRequest({ A: { n: 1 }, B: { n: 2 }, C: { n: "x" }, D: { n: 3 } }));
    expect(seen).toEqual([["A", "B", "D"]]);
    const answers = [...responses].map(([refId, { status, error, frames }]) => [refId, status, error, frames.length]);
    expect(answers).toEqual([
      ["A", 200, "", 1],
      ["B", 422, "two is bad", 0],
      ["C", 400, expect.stringMatching(/^query\.n: /), 0],
      ["D", 500, 'queryAll gave no answer to "D"', 0],
    ]);
  });

  it.each([
    { returns: undefined, error: "queryAll must return a Map of frames by refId, not undefined" },
    { returns: { A: ok }, error: "queryAll must return a Map of frames by refId, not an object with A" },
  ])("must return a Map: $error", async ({ returns, error }) => {
    const wrong = defineDataSource({ pluginId, queryAll: () => JSON.parse("null") ?? returns });
    const { responses } = await ask(wrong, queryRequest({ A: {}, B: {} }));
    expect([...responses.values()].map((answer) => answer.error)).toEqual([error, error]);
  });

  it("cannot stand beside query", () => {
    const both = { pluginId, query: () => ok, queryAll: () => new Map() };
    expect(() => defineDataSource(both)).toThrow(/queryAll answers all queries; query and queryTypes cannot/);
  });
});

describe("a query's context", () => {
  it("has what Grafana sent along", async () => {
    let seen: QueryContext<undefined> | undefined;
    const plugin = defineDataSource({
      pluginId,
      open: () => undefined,
      query(_query, context) {
        seen = context;
        return ok;
      },
    });
    const request = queryRequest(
      { A: {} },
      {
        pluginContext: { ...dataSourceContext(), namespace: "org-7", orgId: 7n },
        headers: new Map([
          ["http_X-Dashboard-Uid", "dash"],
          ["http_X-Panel-Id", "4"],
          ["http_X-Grafana-From-Expr", "true"],
          ["FromAlert", "true"],
          ["Authorization", "Bearer abcd"],
          ["http_X-Title", "Über — alles"],
          ["http_X-Bad", "two\nlines"],
          ["internal", "no header"],
        ]),
      },
    );
    await ask(plugin, {
      ...request,
      queries: request.queries.map((query) => ({
        ...query,
        queryType: "t",
        intervalMS: 500n,
        maxDataPoints: 100n,
        timeRange: { fromEpochMS: 0n, toEpochMS: 60_000n },
      })),
    });
    expect(seen).toMatchObject({
      refId: "A",
      queryType: "t",
      intervalMs: 500,
      maxDataPoints: 100,
      timeRange: { from: new Date(0), to: new Date(60_000) },
      orgId: 7,
      namespace: "org-7",
      user: undefined,
      origin: { alert: true, expression: true, dashboardUid: "dash", panelId: "4", ruleUid: undefined },
    });
    expect(seen?.headers.get("AUTHORIZATION")).toBe("Bearer abcd");
    expect(Buffer.from(seen?.headers.get("x-title") ?? "", "latin1").toString()).toBe("Über — alles");
    expect([...(seen?.headers.keys() ?? [])]).not.toContain("internal");
    expect(seen?.headers.has("x-bad")).toBe(false);
  });

  it("refuses a call that is for no data source", async () => {
    const plugin = defineDataSource({ pluginId, query: () => ok });
    const { responses } = await ask(plugin, queryRequest({ A: {} }, { pluginContext: undefined }));
    expect(responses.get("A")).toMatchObject({ status: 400, error: "the call names no data source" });
  });

  it("refuses two queries of one name without asking either", async () => {
    const asked: string[] = [];
    const plugin = defineDataSource({
      pluginId,
      query(_query, { refId }) {
        asked.push(refId);
        return ok;
      },
    });
    const request = queryRequest({ A: {}, B: {} });
    const { responses } = await ask(plugin, {
      ...request,
      queries: [...request.queries, ...request.queries.slice(0, 1)],
    });
    expect(responses.get("A")).toMatchObject({ status: 400, errorSource: "downstream" });
    expect(asked).toEqual(["B"]);
  });
});

describe("checkHealth", () => {
  const request = {
    pluginContext: dataSourceContext({}, { token: "health-secret" }),
    headers: new Map<string, string>(),
  };

  it("is well without a handler", async () => {
    const { handlers } = defineDataSource({ pluginId });
    expect(await handlers.checkHealth?.(request, callContext())).toMatchObject({ status: 1 });
  });

  it("answers what the handler says, without secrets", async () => {
    const { handlers } = defineDataSource({
      pluginId,
      checkHealth: () => ({
        status: "unknown",
        message: "with health-secret",
        details: { verboseMessage: "health-secret" },
      }),
    });
    const answer = await handlers.checkHealth?.(request, callContext());
    expect(answer).toMatchObject({ status: 0, message: "with [redacted]" });
    expect(new TextDecoder().decode(answer?.jsonDetails)).toBe('{"verboseMessage":"[redacted]"}');
  });

  it.each([
    { returns: undefined, described: "undefined" },
    { returns: { status: "fine", message: "" }, described: "an object with status, message" },
    { returns: { status: "toString", message: "" }, described: "an object with status, message" },
    { returns: true, described: "true" },
  ])("says so when the handler returns $described", async ({ returns, described }) => {
    const { handlers } = defineDataSource({ pluginId, checkHealth: () => JSON.parse("null") ?? returns });
    expect(await handlers.checkHealth?.(request, callContext())).toMatchObject({
      status: 2,
      message: `checkHealth must return { status: "ok" | "error" | "unknown", message }, not ${described}`,
    });
  });

  it("reports the end of its time while there is still some left", async () => {
    vi.useFakeTimers();
    try {
      const { handlers } = defineDataSource({ pluginId, checkHealth: () => new Promise(() => {}) });
      const deadline = new Date(Date.now() + 1_000);
      const answer = handlers.checkHealth?.(request, callContext({ deadline }));
      await vi.advanceTimersByTimeAsync(900);
      expect(await answer).toMatchObject({ status: 2, message: "deadline exceeded before there was an answer" });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the RPCs that are passed on", () => {
  it("reach the definition's own methods", async () => {
    const { handlers } = defineDataSource({
      pluginId,
      validateAdmission: async () => ({ allowed: true, result: undefined, warnings: ["w"] }),
    });
    expect(Object.keys(handlers).sort()).toEqual(["checkHealth", "collectMetrics", "validateAdmission"]);
  });
});

describe("resources", () => {
  it("get the headers of the request", async () => {
    let seen: InstanceContext<unknown> | undefined;
    const { handlers } = defineDataSource({
      pluginId,
      resources(_request, context) {
        seen = context;
        return new Response("x");
      },
    });
    const headers = new Map([["X-Many", StringList.fromPartial({ values: ["a", "b"] })]]);
    const request = {
      pluginContext: dataSourceContext(),
      path: "x",
      url: "x",
      method: "GET",
      headers,
      body: new Uint8Array(),
    };
    for await (const { code } of handlers.callResource?.(request, callContext()) ?? []) {
      expect(code).toBe(200);
    }
    expect(seen?.headers.get("x-many")).toBe("a, b");
  });
});
