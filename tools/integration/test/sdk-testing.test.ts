import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "@framewright/cli/compiler";
import type { QueryResult } from "@framewright/host";
import { goldenText, testDataSource } from "@framewright/sdk/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataSource } from "../sdk-probe/backend/data-source.js";
import { collect } from "../src/collect.js";
import { buildSdkProbe, type SdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";
import { temporaryFolder } from "../src/temporary-folder.js";

// The same definition twice: as the compiled binary behind gRPC, and called in this process.
const secrets = { token: "open sesame" };
const user = { login: "eve", name: "Eve", email: "eve@localhost", role: "Editor" };
const timeRange = { from: new Date("2026-01-01"), to: new Date("2026-01-02") };
const saved = { uid: "ds", name: "SDK probe" };
const updated = new Date("2026-01-01");

let probe: SdkProbe;
const inProcess = testDataSource(dataSource, { ...saved, secrets, user, updated });
const wireContext = sdkProbeContext({ ...saved, secureJsonData: secrets, updated }, { user });

beforeAll(async () => {
  probe = await startSdkProbe(await buildSdkProbe());
});

afterAll(async () => {
  await Promise.all([probe?.plugin.stop(), inProcess.dispose()]);
});

/** Everything that an answer says, frames as texts. */
function told(answer: Pick<QueryResult, "frames" | "error" | "status" | "errorSource"> | undefined) {
  return {
    frames: goldenText(answer?.frames ?? []),
    error: answer?.error,
    status: answer?.status,
    errorSource: answer?.errorSource,
  };
}

/** Everything that a response says. The binary's runtime writes the charset behind the type of `Response.json`, and Node does not. */
async function toldResponse(response: Response) {
  const headers = [...response.headers].map(([name, value]) => [name, value.replace(";charset=utf-8", "")]);
  return { status: response.status, headers, text: await response.text() };
}

test.each([
  { json: { act: "label" } },
  { json: { act: "context" }, headers: { "X-Dashboard-Uid": "d1", FromAlert: "true" } },
  { json: { act: "nothing" } },
  { json: { act: "measure", text: 5 } },
  { json: { act: "throw", what: "string" } },
  { json: { act: "throw", what: "null" } },
  { json: { act: "throw", what: "hidden" } },
  { json: { act: "throw", what: "wrapped" } },
  { json: { act: "return", what: "rows" } },
  { json: { act: "requireSecret", name: "token" } },
  { json: { act: "requireSecret", name: "other" } },
  { json: { act: "leak", how: "throw" } },
  { json: { act: "hang" }, timeoutMs: 500 },
  { json: { from: 1, to: 2 }, queryType: "numbers" },
  { json: { words: ["a", "b"] }, queryType: "words" },
  { json: { rows: 1_500 }, queryType: "pieces" },
  { json: { rows: 1_500, failAt: 1_000 }, queryType: "pieces" },
])("a query is answered alike: $json", async ({ json, queryType = "", headers = {}, timeoutMs = 20_000 }) => {
  const prefixed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [`http_${name}`, value]));
  const query = { refId: "A", queryType, json, timeRange, intervalMs: 60_000, maxDataPoints: 500 };
  const wire = await probe.plugin.queryData(
    { context: wireContext, queries: [query], headers: prefixed },
    { timeoutMs },
  );
  const answer = await inProcess.query(json, { ...query, headers, timeoutMs });
  expect(told(answer)).toEqual(told(wire.get("A")));
});

test("an answer in pieces is alike", async () => {
  const json = { rows: 2_500, failAt: 2_000 };
  const queries = [{ refId: "A", queryType: "pieces", json, timeRange }];
  const wire = await collect(probe.plugin.queryChunkedData({ context: wireContext, queries }));
  const pieces = await collect(inProcess.queryChunked(json, { queryType: "pieces", timeRange }));
  expect(pieces).toEqual(wire);
});

test.each([
  ["GET", "hono/label", undefined],
  ["PUT", "hono/upload?a=b%20c", "text"],
  ["GET", "hono/throw", undefined],
  ["GET", "routes/ab?times=3", undefined],
  ["GET", "routes/ab?times=x", undefined],
  ["POST", "routes", '{"value":1}'],
  ["POST", "routes", "{"],
  ["GET", "routes/leak/token", undefined],
  ["DELETE", "routes", undefined],
])("a resource request is answered alike: %s %s", async (method, url, text) => {
  const body = text === undefined ? {} : { body: new TextEncoder().encode(text) };
  const wire = await probe.plugin.callResource({ context: wireContext, url, method, ...body });
  const response = await inProcess.resource(url, { method, ...body });
  expect(await toldResponse(response)).toEqual(await toldResponse(wire));
});

test.each(["missing", "editors", "other"])("a subscription is answered alike: %s", async (path) => {
  const data = { from: 1 };
  const wire = await probe.plugin.subscribeStream({ context: wireContext, path, data: encode(data) });
  const answer = await inProcess.subscribe(path, { data });
  expect([answer.status, answer.initialData?.json]).toEqual([wire.status, decode(wire.initialData)]);
});

test("a publication and a channel's messages are alike", async () => {
  const published = await probe.plugin.publishStream({ context: wireContext, path: "open", data: encode({ a: 1 }) });
  expect((await inProcess.publish("open", { a: 1 })).data?.json).toEqual(decode(published.data));
  const wire = await collect(probe.plugin.runStream({ context: wireContext, path: "changing" }));
  const messages = await collect(inProcess.run("changing"));
  expect(messages.map(({ json }) => json)).toEqual(wire.map((message) => message.json()));
});

test("a call that fails as a whole says the same", async () => {
  const wire = await collect(probe.plugin.runStream({ context: wireContext, path: "broken" })).catch(readFailure);
  const failure = await collect(inProcess.run("broken")).catch(readFailure);
  expect(failure).toEqual(wire);
  expect(failure).toMatchObject({ code: "UNKNOWN", message: expect.stringContaining("[redacted]") });
});

test("health is alike", async () => {
  expect(await inProcess.checkHealth()).toEqual(await probe.plugin.checkHealth(wireContext));
});

test("nothing of it is in a plugin", async () => {
  await using folder = await temporaryFolder();
  const bundle = join(folder.path, "bundle.mjs");
  await bundleForNode(fileURLToPath(new URL("../sdk-probe/backend/main.ts", import.meta.url)), bundle);
  const code = await readFile(bundle, "utf8");
  expect(code).toContain("PLUGIN_UNIX_SOCKET_DIR");
  expect(code).not.toMatch(/TestCallError|TestQueryError|AssertionError/);
});

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decode(data: Uint8Array | undefined): unknown {
  return data === undefined ? undefined : JSON.parse(new TextDecoder().decode(data));
}

function readFailure(error: unknown): unknown {
  return error instanceof Error && "code" in error ? { code: error.code, message: error.message } : error;
}
