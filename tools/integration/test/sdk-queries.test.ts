import { decodeJson, decodeJsonData, type Frame, valueAt, valuesOf } from "@framewright/data";
import { callServerStream, type QueryChunk, toQueryDataRequest } from "@framewright/host";
import { DataFrameFormat, DataService, QueryChunkedDataRequest } from "@framewright/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildSdkProbe, type SdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";

let probe: SdkProbe;

beforeAll(async () => {
  probe = await startSdkProbe(await buildSdkProbe());
});

afterAll(() => probe.plugin.stop());

const rowsOf = (frame: Frame | undefined, field = 0): unknown[] => [...valuesOf(frame?.fields[field] ?? noField())];

function noField(): never {
  throw new Error("the frame has no such field");
}

test("one of five queries fails, and takes nothing from the others", async () => {
  const queries = [
    { refId: "A", json: { act: "label" } },
    { refId: "B", json: { act: "measure", text: "four" } },
    { refId: "C", json: { act: "throw", what: "wrapped" } },
    { refId: "D", queryType: "numbers", json: { from: 1, to: 2 } },
    { refId: "E", queryType: "pieces", json: { rows: 2_500 } },
  ];
  const answers = await probe.plugin.queryData({ context: sdkProbeContext(), queries });
  expect([...answers].map(([refId, { status, error }]) => [refId, status, error])).toEqual([
    ["A", 200, undefined],
    ["B", 200, undefined],
    ["C", 429, "page 3: rate limit"],
    ["D", 200, undefined],
    ["E", 200, undefined],
  ]);
  expect(answers.get("C")).toMatchObject({ errorSource: "downstream", frames: [] });
  expect(rowsOf(answers.get("B")?.frames[0])).toEqual([4]);
  expect(answers.get("E")?.frames.map(({ name, length }) => [name, length])).toEqual([["pieces", 2_500]]);
  expect(rowsOf(answers.get("E")?.frames[0])).toEqual(Array.from({ length: 2_500 }, (_, row) => row));
});

describe("query types", () => {
  test("have schemas and handlers of their own", async () => {
    const numbers = await probe.ask({ from: 3, to: 4 }, { queryType: "numbers" });
    expect(rowsOf(numbers.frames[0])).toEqual([3, 4]);
    const words = await probe.ask({ words: ["a", "b"] }, { queryType: "words" });
    expect(words.frames.map((frame) => rowsOf(frame))).toEqual([["a", "b"], [2]]);
    expect(await probe.ask({ words: "a" }, { queryType: "numbers" })).toMatchObject({
      status: 400,
      errorSource: "downstream",
      error: expect.stringMatching(/^query\.from: .*; query\.to: /),
    });
  });

  test("that have no handler go to the union of shapes, which names what it knows", async () => {
    expect(await probe.ask({ act: "fly" }, { queryType: "unknown" })).toMatchObject({
      status: 400,
      error: expect.stringMatching(/^query\.act: /),
    });
  });
});

test.each([
  { configured: undefined, most: 10 },
  { configured: "3", most: 3 },
  { configured: "nonsense", most: 10 },
  { configured: "4000000000", most: 15 },
  { configured: "0", most: 10 },
])("so many queries run side by side as Grafana is configured for: $configured", async ({ configured, most }) => {
  const grafanaConfig = configured === undefined ? {} : { GF_CONCURRENT_QUERY_COUNT: configured };
  await using fresh = await startSdkProbe(await buildSdkProbe());
  const queries = Array.from({ length: 15 }, (_, i) => ({ refId: `Q${i}`, json: { act: "sleep", ms: 100 } }));
  const answers = await fresh.plugin.queryData({ context: sdkProbeContext({}, { grafanaConfig }), queries });
  expect(answers.size).toBe(15);
  expect(Math.max(...[...answers.values()].flatMap(({ frames }) => rowsOf(frames[0]).map(Number)))).toBe(most);
});

test("the context says who asks, from where and for what", async () => {
  const context = sdkProbeContext(
    {},
    { orgId: 3, user: { login: "ada", name: "Ada", email: "ada@example", role: "Editor" } },
  );
  const timeRange = { from: new Date(60_000), to: new Date(120_000) };
  const answers = await probe.plugin.queryData({
    context,
    headers: { FromAlert: "true", "http_X-Dashboard-Uid": "dash", "http_X-Rule-Uid": "r1", "http_X-Any": "thing" },
    queries: [{ refId: "A", json: { act: "context" }, timeRange, intervalMs: 250 }],
  });
  const field = answers.get("A")?.frames[0]?.fields[0] ?? noField();
  expect(JSON.parse(String(valueAt(field.column, 0)))).toEqual({
    headers: { fromalert: "true", "x-dashboard-uid": "dash", "x-rule-uid": "r1", "x-any": "thing" },
    origin: { alert: true, expression: false, dashboardUid: "dash", ruleUid: "r1" },
    namespace: "org-3",
    orgId: 3,
    user: { login: "ada", name: "Ada", email: "ada@example", role: "Editor" },
    timeRange: { from: "1970-01-01T00:01:00.000Z", to: "1970-01-01T00:02:00.000Z" },
    intervalMs: 250,
  });
});

describe("in time", () => {
  test("a query that never ends is answered as late before the deadline, the others with their frames", async () => {
    const queries = ["hang", "label"].map((act) => ({ refId: act, json: { act } }));
    const answers = await probe.plugin.queryData({ context: sdkProbeContext(), queries }, { timeoutMs: 3_000 });
    expect(answers.get("hang")).toMatchObject({
      status: 504,
      errorSource: "downstream",
      error: "deadline exceeded before there was an answer",
    });
    expect(answers.get("label")).toMatchObject({ status: 200, frames: [{ name: "one" }] });
  });

  test("a handler that answers after the call was cancelled is in nobody's way", async () => {
    const controller = new AbortController();
    const query = { refId: "A", json: { act: "answerAfterCancel" } };
    const call = probe.plugin.queryData(
      { context: sdkProbeContext(), queries: [query] },
      { signal: controller.signal },
    );
    await expect.poll(() => probe.logged("waiting for the cancellation")).toHaveLength(1);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => probe.logged("answered nevertheless")).toHaveLength(1);
    expect(await probe.ask({ act: "label" })).toMatchObject({ status: 200 });
    expect(probe.logged("query failed").every(({ level }) => level !== "error")).toBe(true);
  });
});

describe("bad input", () => {
  test("a query of 10 MB is answered", async () => {
    const answer = await probe.ask({ act: "measure", text: "x".repeat(10_000_000) });
    expect(rowsOf(answer.frames[0])).toEqual([10_000_000]);
  });

  test("a query of 10 MB that does not fit is refused in few words", async () => {
    const answer = await probe.ask({ words: "x".repeat(10_000_000) }, { queryType: "words" });
    expect(answer).toMatchObject({ status: 400, error: expect.stringMatching(/^query\.words: /) });
    expect(answer.error?.length).toBeLessThan(400);
  });

  test.each([
    { what: "undefined", described: "undefined" },
    { what: "string", described: "a string" },
    { what: "rows", described: "an object with rows" },
  ])("a handler that returns $what is the plugin's fault", async ({ what, described }) => {
    expect(await probe.ask({ act: "return", what })).toMatchObject({
      status: 500,
      errorSource: "plugin",
      error: `query must return a frame or an array of frames, not ${described}`,
    });
  });
});

describe("chunked answers", () => {
  async function chunks(queries: Parameters<typeof toQueryDataRequest>[0]["queries"]): Promise<QueryChunk[]> {
    const all: QueryChunk[] = [];
    for await (const chunk of probe.plugin.queryChunkedData({ context: sdkProbeContext(), queries })) {
      all.push(chunk);
    }
    return all;
  }

  test("come piece by piece, with one frameId for each frame", async () => {
    const answer = await chunks([
      { refId: "A", queryType: "pieces", json: { rows: 4_500 } },
      { refId: "B", queryType: "words", json: { words: ["a"] } },
    ]);
    const a = answer.filter(({ refId }) => refId === "A");
    expect(a.map(({ frameId, frame }) => [frameId, frame?.length])).toEqual([
      ["f0", 1_000],
      ["f0", 1_000],
      ["f0", 1_000],
      ["f0", 1_000],
      ["f0", 500],
    ]);
    expect(a.flatMap(({ frame }) => rowsOf(frame))).toEqual(Array.from({ length: 4_500 }, (_, row) => row));
    expect(answer.filter(({ refId }) => refId === "B").map(({ frameId }) => frameId)).toEqual(["f0", "f1"]);
  });

  test("end with the error of a query that fails on the way", async () => {
    const answer = await chunks([{ refId: "A", queryType: "pieces", json: { rows: 5_000, failAt: 2_000 } }]);
    expect(answer.map(({ frame, status, error }) => [frame?.length, status, error])).toEqual([
      [1_000, 200, undefined],
      [1_000, 200, undefined],
      [undefined, 503, "row 2000 cannot be read"],
    ]);
    expect(answer[2]).toMatchObject({ errorSource: "downstream" });
  });

  test("hold the schema once, where they are JSON", async () => {
    const queries = [{ refId: "A", queryType: "pieces", json: { rows: 2_000 } }];
    const request = toQueryDataRequest({ context: sdkProbeContext(), queries });
    const texts: string[] = [];
    const stream = callServerStream(probe.plugin.client, DataService.queryChunkedData, {
      ...QueryChunkedDataRequest.fromPartial(request),
      format: DataFrameFormat.JSON,
    });
    for await (const { frame } of stream) {
      texts.push(new TextDecoder().decode(frame));
    }
    const [first = "", second = ""] = texts;
    const schema = decodeJson(first);
    expect(texts).toHaveLength(2);
    expect(Object.keys(JSON.parse(second))).toEqual(["data"]);
    expect(rowsOf(decodeJsonData(second, schema), 1)[999]).toBe("row 1999");
  });
});

test("middleware sees each call before its handler", () => {
  const rpcs = new Set(probe.logged("counted").map(({ fields }) => fields["rpc"]));
  expect([...rpcs].sort()).toEqual(["queryChunkedData", "queryData"]);
});
