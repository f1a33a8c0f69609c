import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect, constants } from "node:http2";
import { createConnection } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type CallOptions, callServerStream, callUnary, toWireContext } from "@framewright/host";
import {
  CallResourceRequest,
  DataService,
  HealthService,
  type LogEntry,
  QueryChunkedDataRequest,
  QueryDataRequest,
  ResourceService,
  RunStreamRequest,
  StreamService,
} from "@framewright/protocol";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { type RawPlugin, startRaw } from "../src/raw-plugin.js";

/** How soon a handler must hear that nobody waits for it any longer, in ms. */
const SOON_MS = 100;

let executable: string;
let plugin: RawPlugin;

beforeAll(async () => {
  ({ executable } = await buildProbe());
});

beforeEach(async () => {
  plugin = await startRaw(executable);
});

afterEach(() => plugin[Symbol.asyncDispose]());

const pluginContext = toWireContext(probeContext());
const queries = [{ refId: "A", json: Buffer.from('{"sleepMs":30000}') }];
const query = QueryDataRequest.fromPartial({ pluginContext, queries });
const chunkedQuery = QueryChunkedDataRequest.fromPartial({ pluginContext, queries });
const ticks = RunStreamRequest.fromPartial({ pluginContext, path: "ticks/100" });
const stream = RunStreamRequest.fromPartial({ pluginContext, path: "ticks" });
const resource = CallResourceRequest.fromPartial({ pluginContext, method: "GET", path: "slow", url: "slow" });

/** Every kind of call, to be given up while it is answered, and what the probe logs when it is. */
const calls: Record<string, { start: (options: CallOptions) => Promise<unknown>; says: string }> = {
  query: { start: (options) => callUnary(plugin.client, DataService.queryData, query, options), says: "cancelled" },
  "chunked query": {
    start: (options) => drain(callServerStream(plugin.client, DataService.queryChunkedData, chunkedQuery, options)),
    says: "cancelled",
  },
  stream: {
    start: (options) => drain(callServerStream(plugin.client, StreamService.runStream, stream, options)),
    says: "cancelled",
  },
  "resource call": {
    start: (options) => drain(callServerStream(plugin.client, ResourceService.callResource, resource, options)),
    says: "the body was cancelled",
  },
};

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

/** Waits until the probe has logged `message`, and returns when that was, in ms. */
async function loggedAt(message: string): Promise<number> {
  await expect.poll(() => plugin.logged(message), { timeout: 3_000, interval: 10 }).toBeDefined();
  return plugin.logged(message)?.time?.getTime() ?? Number.NaN;
}

async function expectCalm(): Promise<void> {
  expect(await callUnary(plugin.client, HealthService.check, { service: "plugin" })).toEqual({ status: 1 });
  expect(plugin.logs.filter(({ level }: LogEntry) => level === "error" || level === "warn")).toEqual([]);
}

test("thousands of calls that are cancelled at once cost no other call of the connection", async () => {
  const bystander = drain(callServerStream(plugin.client, StreamService.runStream, ticks));
  const controller = new AbortController();
  const cancelled = Array.from({ length: 2_000 }, () =>
    callUnary(plugin.client, DataService.queryData, query, { signal: controller.signal }).catch(({ name }) => name),
  );
  // Behind them on the same connection: by its answer the plugin has them all.
  await callUnary(plugin.client, HealthService.check, { service: "plugin" });
  controller.abort();
  expect(new Set(await Promise.all(cancelled))).toEqual(new Set(["AbortError"]));
  await bystander;
  await expectCalm();
});

describe("the handler hears of it", () => {
  test.each(Object.keys(calls))("when the host cancels: %s", async (kind) => {
    const controller = new AbortController();
    const call = calls[kind]?.start({ signal: controller.signal });
    const outcome = expect(call).rejects.toMatchObject({ name: "AbortError" });
    await setTimeout(200);
    const cancelled = Date.now();
    controller.abort();
    await outcome;
    expect((await loggedAt(calls[kind]?.says ?? "")) - cancelled).toBeLessThan(SOON_MS);
    await expectCalm();
  });

  test("just before the deadline of a query, which is answered so that the host learns why", async () => {
    const started = Date.now();
    const answer = await calls["query"]?.start({ timeoutMs: 400 });
    expect(answer).toEqual({
      responses: new Map([["A", expect.objectContaining({ status: 504, errorSource: "downstream", frames: [] })]]),
    });
    expect(Date.now() - started).toBeLessThanOrEqual(400);
    await loggedAt(calls["query"]?.says ?? "");
  });

  const others = Object.keys(calls).filter((kind) => kind !== "query");
  test.each(others)("when the deadline passes: %s", async (kind) => {
    const started = Date.now();
    await expect(calls[kind]?.start({ timeoutMs: 400 })).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const heard = (await loggedAt(calls[kind]?.says ?? "")) - started;
    expect(heard).toBeGreaterThan(300);
    expect(heard).toBeLessThan(400 + SOON_MS);
    await expectCalm();
  });

  test("when the host is killed, in every call that it had", async () => {
    const wire = [
      { path: DataService.queryData.path, request: DataService.queryData.requestSerialize(query) },
      { path: DataService.queryChunkedData.path, request: DataService.queryChunkedData.requestSerialize(chunkedQuery) },
      { path: StreamService.runStream.path, request: StreamService.runStream.requestSerialize(stream) },
      { path: ResourceService.callResource.path, request: ResourceService.callResource.requestSerialize(resource) },
    ].map(({ path, request }) => ({ path, request: request.toString("base64") }));
    const caller = execFile(process.execPath, [
      fileURLToPath(new URL("../src/doomed-caller.mjs", import.meta.url)),
      plugin.handshake.address,
      JSON.stringify(wire),
    ]);
    await once(caller.stdout ?? caller, "data");
    const killed = Date.now();
    caller.kill("SIGKILL");
    const heard = (): LogEntry[] => plugin.logs.filter(({ message }) => /cancelled$/.test(message));
    await expect.poll(heard, { timeout: 3_000 }).toHaveLength(4);
    for (const { time } of heard()) {
      expect((time?.getTime() ?? Number.NaN) - killed).toBeLessThan(SOON_MS);
    }
    await expectCalm();
  });
});

test("a call that is cancelled as it arrives leaves nothing running", async () => {
  // Straight over HTTP/2: the reset then follows the request so closely that both can come in one piece.
  const session = connect("http://localhost", { createConnection: () => createConnection(plugin.handshake.address) });
  const message = DataService.queryData.requestSerialize(query);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const path = DataService.queryData.path;
  await once(session, "remoteSettings");
  const waits = [() => new Promise(process.nextTick), () => setImmediate(), () => setTimeout(1), () => setTimeout(3)];
  for (let i = 0; i < 200; i++) {
    const call = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    call.on("error", () => {});
    call.end(Buffer.concat([prefix, message]));
    await waits[i % waits.length]?.();
    call.close(constants.NGHTTP2_CANCEL);
    await once(call, "close");
  }
  session.close();
  await expectCalm();
  // Most were begun, or this would show nothing.
  expect(plugin.logs.filter((entry) => entry.message === "cancelled").length).toBeGreaterThan(20);
  // What still ran would be waited for, up to 1.5 s.
  const ended = performance.now();
  plugin.kill("SIGTERM");
  expect(await plugin.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - ended).toBeLessThan(1_000);
});
