import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type ClientHttp2Session, connect as connectHttp2, type OutgoingHttpHeaders } from "node:http2";
import { connect, type Socket } from "node:net";
import { callUnary, toWireContext } from "@framewright/host";
import {
  AdmissionControlService,
  AdmissionRequest,
  BrokerService,
  CallResourceRequest,
  CheckHealthRequest,
  CollectMetricsRequest,
  ControllerService,
  ConversionRequest,
  DataService,
  DiagnosticsService,
  HealthService,
  PublishStreamRequest,
  QueryChunkedDataRequest,
  QueryDataRequest,
  ResourceConversionService,
  ResourceService,
  RunStreamRequest,
  StdioService,
  StreamService,
  SubscribeStreamRequest,
} from "@framewright/protocol";
import { createCertificate } from "@framewright/protocol/certificate";
import { ReflectionService, ServerReflectionRequest } from "@framewright/protocol/reflection";
import type { MethodDefinition } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { residentBytes } from "../src/process-memory.js";
import { mutate, randomBytes, seeded } from "../src/random-bytes.js";
import { hostEnv, type RawPlugin, startRaw } from "../src/raw-plugin.js";

/** Messages over all methods together. */
const MESSAGES = 20_000;

/** Calls at a time. */
const CALLERS = 32;

/** How long a call may take that means something by accident, in ms. */
const TIMEOUT_MS = 1_000;

const pluginContext = toWireContext(probeContext());
const headers = new Map([["x-dashboard-uid", "d"]]);
const object = Buffer.from('{"kind":"Thing","deny":false}');

function query(json: string) {
  const timeRange = { fromEpochMS: 1n, toEpochMS: 2_000n };
  return { refId: "A", maxDataPoints: 100n, intervalMS: 10n, timeRange, json: Buffer.from(json), queryType: "q" };
}

/** A method and messages that it understands. */
interface Target {
  readonly path: string;
  readonly messages: readonly Buffer[];
}

function target<Req>(
  method: Pick<MethodDefinition<Req, unknown>, "path" | "requestSerialize">,
  ...messages: Req[]
): Target {
  return { path: method.path, messages: messages.map((message) => method.requestSerialize(message)) };
}

const targets: readonly Target[] = [
  target<QueryDataRequest>(
    DataService.queryData,
    QueryDataRequest.fromPartial({ pluginContext, headers, queries: [query("{}"), { ...query("{}"), refId: "B" }] }),
    QueryDataRequest.fromPartial({
      pluginContext,
      queries: [query('{"error":{"message":"m","status":404}}')],
      format: 1,
    }),
  ),
  target(
    DataService.queryChunkedData,
    QueryChunkedDataRequest.fromPartial({ pluginContext, headers, queries: [query("{}"), query('{"sleepMs":1}')] }),
  ),
  target(
    ResourceService.callResource,
    CallResourceRequest.fromPartial({
      pluginContext,
      path: "echo",
      url: "echo?a=1",
      method: "POST",
      headers: new Map([["a", { values: ["1", "2"] }]]),
      body: object,
    }),
    CallResourceRequest.fromPartial({ pluginContext, path: "bytes", url: "bytes?n=10&chunk=5", method: "GET" }),
  ),
  target(DiagnosticsService.checkHealth, CheckHealthRequest.fromPartial({ pluginContext, headers })),
  target(DiagnosticsService.collectMetrics, CollectMetricsRequest.fromPartial({ pluginContext })),
  target(
    StreamService.subscribeStream,
    SubscribeStreamRequest.fromPartial({ pluginContext, path: "ticks", data: object, headers }),
  ),
  target(
    StreamService.publishStream,
    PublishStreamRequest.fromPartial({ pluginContext, path: "ticks", data: object, headers }),
  ),
  target(
    StreamService.runStream,
    RunStreamRequest.fromPartial({ pluginContext, path: "ticks/3", data: object, headers }),
  ),
  target(AdmissionControlService.validateAdmission, admission()),
  target(AdmissionControlService.mutateAdmission, admission()),
  target(
    ResourceConversionService.convertObjects,
    ConversionRequest.fromPartial({
      pluginContext,
      uid: "u",
      objects: [{ raw: object, contentType: "application/json" }],
      targetVersion: { group: "g", version: "v1" },
    }),
  ),
  target(HealthService.check, { service: "plugin" }),
  target(HealthService.watch, { service: "plugin" }),
  target(HealthService.list, {}),
  target(StdioService.streamStdio, {}),
  target(BrokerService.startStream, {
    serviceId: 1,
    network: "unix",
    address: "/tmp/x",
    knock: { knock: true, ack: false, error: "" },
  }),
  target(
    ReflectionService.serverReflectionInfo,
    ServerReflectionRequest.fromPartial({ host: "h", listServices: "" }),
    ServerReflectionRequest.fromPartial({ fileContainingSymbol: "pluginv2.Data" }),
    ServerReflectionRequest.fromPartial({ fileContainingExtension: { containingType: "t", extensionNumber: 1 } }),
  ),
];

function admission(): AdmissionRequest {
  const kind = { group: "g", version: "v1", kind: "Thing" };
  return AdmissionRequest.fromPartial({
    pluginContext,
    operation: 1,
    kind,
    objectBytes: object,
    oldObjectBytes: object,
  });
}

let plugin: RawPlugin;

beforeAll(async () => {
  plugin = await startRaw((await buildProbe()).executable);
  await expectWell(plugin);
});

afterAll(() => plugin[Symbol.asyncDispose]());

/** The process lives, nothing got past every handler, and the next good call is answered on each kind of service. */
async function expectWell(target: RawPlugin): Promise<void> {
  const options = { timeoutMs: 10_000 };
  const health = CheckHealthRequest.fromPartial({ pluginContext });
  expect(await callUnary(target.client, DiagnosticsService.checkHealth, health, options)).toMatchObject({ status: 1 });
  const good = QueryDataRequest.fromPartial({ pluginContext, queries: [query('{"rows":10}')] });
  const { responses } = await callUnary(target.client, DataService.queryData, good, options);
  expect(responses.get("A")).toMatchObject({ status: 200, error: "" });
  expect(target.logs.filter(({ message }) => /^(uncaught|unhandled)/.test(message))).toEqual([]);
}

/** Does `work` for each index from 0 to `count`, a few at a time. */
async function inParallel(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      await work(next++);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function openSession(): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2("http://localhost", { createConnection: () => connect(plugin.handshake.address) });
    session.once("error", reject);
    session.once("remoteSettings", () => resolve(session));
  });
}

/** One HTTP/2 request as a gRPC client sends it. Resolves with the status when the answer is there or was given up. */
function request(
  session: ClientHttp2Session,
  path: string,
  body: Buffer,
  more: OutgoingHttpHeaders = {},
): Promise<string> {
  return new Promise((resolve) => {
    const head = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...more };
    const stream = session.request(head);
    let status = "none";
    const note = (fields: Record<string, unknown>): void => {
      status = String(fields["grpc-status"] ?? fields[":status"] ?? status);
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.on("error", () => {});
    stream.on("close", () => resolve(status));
    stream.setTimeout(TIMEOUT_MS, () => stream.close(8));
    stream.resume();
    stream.end(body);
  });
}

/** A message with gRPC's prefix: whether it is compressed, and its length. */
function framed(message: Buffer, flag = 0, length = message.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

test(`${MESSAGES} random and mutated messages, to every method`, async () => {
  const random = seeded(20_261);
  const session = await openSession();
  const statuses = new Map<string, number>();
  await inParallel(MESSAGES, CALLERS, async (index) => {
    const { path, messages } = targets[index % targets.length] ?? target(HealthService.list, {});
    const valid = messages[Math.floor(random() * messages.length)] ?? Buffer.alloc(0);
    const message = index % 5 === 0 ? randomBytes(random, random() * 200) : mutate(random, valid);
    const status = await request(session, path, framed(message), { "grpc-timeout": "200m" });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  });
  session.close();
  // Answered, refused as unreadable, refused by the handler; streams that stay open reach their deadline.
  expect([...statuses.keys()].toSorted()).toEqual(expect.arrayContaining(["0", "13", "2", "4"]));
  expect(statuses.get("none") ?? 0).toBeLessThan(MESSAGES / 100);
  await expectWell(plugin);
  expect(residentBytes(plugin.pid)).toBeLessThan(400 * 1024 * 1024);
});

test("a Shutdown that cannot be read shuts nothing down", async () => {
  const session = await openSession();
  for (const message of [Buffer.from([0x0a, 0xff]), Buffer.from([0x07]), Buffer.alloc(10, 0xff)]) {
    expect(await request(session, ControllerService.shutdown.path, framed(message))).toBe("13");
  }
  session.close();
  await expectWell(plugin);
});

test("requests that are not what gRPC allows", async () => {
  const random = seeded(7);
  const good = targets[0]?.messages[0] ?? Buffer.alloc(0);
  const path = DataService.queryData.path;
  const bodies: (() => Buffer)[] = [
    () => Buffer.alloc(0),
    () => randomBytes(random, 1 + random() * 4),
    () => framed(good, 0, good.length - 1),
    () => framed(good, 0, good.length + 1),
    () => framed(good, 0, 0xffff_ffff),
    () => framed(good, 1),
    () => framed(good, 255),
    () => Buffer.concat([framed(good), framed(good)]),
    () => Buffer.concat([framed(good), randomBytes(random, 3)]),
    () => randomBytes(random, random() * 5_000),
  ];
  const heads: (() => OutgoingHttpHeaders)[] = [
    () => ({}),
    () => ({ "grpc-encoding": ["gzip", "deflate", "br", ""][Math.floor(random() * 4)] }),
    () => ({ "grpc-timeout": ["", "0n", "-5S", "99999999H", "1e3S", "S", "100000000000m"][Math.floor(random() * 7)] }),
    () => ({ "content-type": ["application/json", "application/grpc+json", ""][Math.floor(random() * 3)] }),
    () => ({ ":method": ["GET", "PUT", "OPTIONS"][Math.floor(random() * 3)] }),
    () => ({ ":path": ["/", "*", "/pluginv2.Data", "//", `/${"x".repeat(5_000)}`, "/%00"][Math.floor(random() * 6)] }),
    () => ({ "x-bin": "not base64 !!", "grpc-accept-encoding": "x".repeat(1_000) }),
    () => ({ "grpc-message": "%zz", "grpc-status": "0" }),
  ];
  const session = await openSession();
  await inParallel(1_000, 16, async (index) => {
    const body = bodies[index % bodies.length]?.() ?? Buffer.alloc(0);
    const head = heads[Math.floor(index / bodies.length) % heads.length]?.() ?? {};
    await request(session, path, body, head);
  });
  session.close();
  await expectWell(plugin);
});

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const NO_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** Something that is no gRPC client. */
function garbage(random: () => number, index: number): Buffer {
  const noise = randomBytes(random, random() * 2_000);
  switch (index % 7) {
    case 0:
      return noise;
    case 1:
      return Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    case 2:
      return PREFACE.subarray(0, random() * PREFACE.length);
    case 3:
      return Buffer.concat([PREFACE, noise]);
    case 4:
      return Buffer.concat([PREFACE, NO_SETTINGS, ...Array.from({ length: 20 }, () => frame(random))]);
    case 5:
      // What opens a TLS connection.
      return Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), noise]);
    default:
      return Buffer.alloc(0);
  }
}

/** An HTTP/2 frame of some type, with some flags, for some stream. */
function frame(random: () => number): Buffer {
  const payload = randomBytes(random, random() * 100);
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(Math.floor(random() * 12), 3);
  head.writeUInt8(Math.floor(random() * 256), 4);
  head.writeUInt32BE(Math.floor(random() * 8), 5);
  return Buffer.concat([head, payload]);
}

/** Opens a connection, sends `bytes`, and leaves in one of the ways there are. */
async function visit(address: string, bytes: Buffer, abruptly: boolean): Promise<void> {
  const socket: Socket = connect(address);
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.resume();
  if (abruptly) {
    socket.write(bytes, () => socket.destroy());
  } else {
    socket.end(bytes);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  }
  await once(socket, "close");
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

test("garbage on the socket, beside calls that are meant well", async () => {
  const random = seeded(42);
  const before = openFiles(plugin.pid);
  const visits = inParallel(1_500, 16, (index) =>
    visit(plugin.handshake.address, garbage(random, index), index % 3 === 0),
  );
  let answered = 0;
  let over = false;
  visits.finally(() => (over = true)).catch(() => {});
  while (!over) {
    await expectWell(plugin);
    answered++;
  }
  await visits;
  expect(answered).toBeGreaterThan(3);
  await expect.poll(() => openFiles(plugin.pid), { timeout: 10_000 }).toBeLessThan(before + 10);
});

test("garbage on the socket of a plugin with AutoMTLS", async () => {
  const random = seeded(43);
  const { cert } = await createCertificate();
  await using secure = await startRaw((await buildProbe()).executable, { ...hostEnv, PLUGIN_CLIENT_CERT: cert });
  const before = openFiles(secure.pid);
  await inParallel(300, 16, (index) => visit(secure.handshake.address, garbage(random, index), index % 3 === 0));
  expect(secure.logs.filter(({ message }) => /^(uncaught|unhandled)/.test(message))).toEqual([]);
  await expect.poll(() => openFiles(secure.pid), { timeout: 10_000 }).toBeLessThan(before + 10);
  secure.kill("SIGTERM");
  expect(await secure.exited).toEqual({ code: 0, signal: null });
});
