import { decodeArrow } from "@framewright/data";
import { callServerStream, callUnary, locatePlugin, PluginCallError } from "@framewright/host";
import {
  AdmissionControlService,
  AdmissionRequest,
  BrokerService,
  type ConnInfo,
  ControllerService,
  ConversionRequest,
  DataFrameFormat,
  DataService,
  DiagnosticsService,
  HealthService,
  PublishStreamRequest,
  QueryChunkedDataRequest,
  ResourceConversionService,
  ResourceService,
  RunStreamRequest,
  StdioService,
  StreamService,
  SubscribeStreamRequest,
  SubscribeStreamResponse_Status,
} from "@framewright/protocol";
import {
  ReflectionAlphaService,
  ReflectionService,
  ServerReflectionRequest,
  type ServerReflectionResponse,
} from "@framewright/protocol/reflection";
import type { Client, ClientDuplexStream, MethodDefinition } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csvDist } from "../src/csv-plugin.js";
import { buildProbe } from "../src/probe-plugin.js";
import { type RawPlugin, startRaw } from "../src/raw-plugin.js";

let probe: RawPlugin;
let csv: RawPlugin;

beforeAll(async () => {
  probe = await startRaw((await buildProbe()).executable);
  csv = await startRaw((await locatePlugin(csvDist)).executable);
});

afterAll(async () => {
  await probe[Symbol.asyncDispose]();
  await csv[Symbol.asyncDispose]();
});

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const message of messages) {
    list.push(message);
  }
  return list;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function parsed(bytes: Uint8Array | undefined): unknown {
  return JSON.parse(Buffer.from(bytes ?? []).toString());
}

function bidi<Req, Res>(client: Client, method: MethodDefinition<Req, Res>): ClientDuplexStream<Req, Res> {
  return client.makeBidiStreamRequest(method.path, method.requestSerialize, method.responseDeserialize);
}

describe("chunked queries", () => {
  const ask = (queries: readonly { refId: string; json: unknown }[], format: DataFrameFormat = DataFrameFormat.ARROW) =>
    all(
      callServerStream(
        probe.client,
        DataService.queryChunkedData,
        QueryChunkedDataRequest.fromPartial({
          format,
          queries: queries.map((query) => ({ refId: query.refId, json: json(query.json) })),
        }),
      ),
    );

  test("come as one frame in several messages, in order", async () => {
    const chunks = await ask([{ refId: "A", json: { rows: 2_500 } }]);
    expect(chunks.map(({ refId, frameId, status }) => [refId, frameId, status])).toEqual(
      Array(3).fill(["A", "A", 200]),
    );
    expect(chunks.map(({ frame }) => decodeArrow(frame).length)).toEqual([1_000, 1_000, 500]);
  });

  test("carry each query's own error, and the format asked for", async () => {
    const error = { message: "gone", status: 404, source: "downstream" };
    const chunks = await ask(
      [
        { refId: "A", json: { error } },
        { refId: "B", json: {} },
      ],
      DataFrameFormat.JSON,
    );
    expect(chunks).toMatchObject([
      { refId: "A", error: "gone", status: 404, errorSource: "downstream" },
      { refId: "B", error: "", status: 200, format: DataFrameFormat.JSON },
    ]);
    expect(parsed(chunks[1]?.frame)).toMatchObject({ schema: { name: "rows" } });
  });
});

describe("streams", () => {
  test.each([
    ["ticks", SubscribeStreamResponse_Status.OK],
    ["denied", SubscribeStreamResponse_Status.PERMISSION_DENIED],
    ["missing", SubscribeStreamResponse_Status.NOT_FOUND],
  ])("subscribing to %s is answered with status %d", async (path, status) => {
    const request = SubscribeStreamRequest.fromPartial({ path, data: json({ a: 1 }) });
    const answer = await callUnary(probe.client, StreamService.subscribeStream, request);
    expect([answer.status, parsed(answer.data)]).toEqual([status, { a: 1 }]);
  });

  test("publishing goes out as the plugin says", async () => {
    const request = PublishStreamRequest.fromPartial({ path: "ticks", data: json({ b: 2 }) });
    const answer = await callUnary(probe.client, StreamService.publishStream, request);
    expect(parsed(answer.data)).toEqual({ b: 2 });
  });

  test("run to their end", async () => {
    const request = RunStreamRequest.fromPartial({ path: "ticks/500" });
    const packets = await all(callServerStream(probe.client, StreamService.runStream, request));
    expect(packets).toHaveLength(500);
    expect(parsed(packets[499]?.data)).toMatchObject({ data: { values: [[expect.any(Number)], [499]] } });
  });
});

describe("admission and conversion", () => {
  test.each([
    [{ deny: true }, false],
    [{ deny: false }, true],
  ])("validating %j answers allowed: %s", async (object, allowed) => {
    const request = AdmissionRequest.fromPartial({ objectBytes: json(object) });
    const answer = await callUnary(probe.client, AdmissionControlService.validateAdmission, request);
    expect([answer.allowed, answer.result?.code]).toEqual([allowed, allowed ? 200 : 403]);
  });

  test("mutating answers with the object to store", async () => {
    const request = AdmissionRequest.fromPartial({ objectBytes: json({ name: "x" }) });
    const answer = await callUnary(probe.client, AdmissionControlService.mutateAdmission, request);
    expect([answer.allowed, parsed(answer.objectBytes)]).toEqual([true, { name: "x", mutated: true }]);
  });

  test("converting answers with every object in order", async () => {
    const request = ConversionRequest.fromPartial({
      uid: "round-1",
      objects: [{ raw: json({ n: 1 }) }, { raw: json({ n: 2, apiVersion: "old" }) }],
      targetVersion: { group: "probe.example", version: "v2" },
    });
    const answer = await callUnary(probe.client, ResourceConversionService.convertObjects, request);
    const apiVersion = "probe.example/v2";
    expect([answer.uid, answer.objects.map(({ raw }) => parsed(raw))]).toEqual([
      "round-1",
      [
        { n: 1, apiVersion },
        { n: 2, apiVersion },
      ],
    ]);
  });

  test("what a handler throws is the call's status, with the error's message", async () => {
    const request = AdmissionRequest.fromPartial({ objectBytes: json([1]) });
    const call = callUnary(probe.client, AdmissionControlService.validateAdmission, request);
    await expect(call).rejects.toMatchObject({ code: "UNKNOWN" });
    await expect(call).rejects.toThrow(/the object is not a JSON object/);
    await expect
      .poll(() => probe.logged("call failed"))
      .toMatchObject({
        level: "error",
        fields: { endpoint: "validateAdmission", error: expect.stringMatching(/\n\s+at /) },
      });
  });

  test("an error's message has up to 4,000 characters there", async () => {
    const request = RunStreamRequest.fromPartial({ path: "x".repeat(10_000) });
    const call = all(callServerStream(probe.client, StreamService.runStream, request));
    await expect(call).rejects.toMatchObject({ code: "UNKNOWN", message: expect.stringMatching(/x…$/) });
    const failure: unknown = await call.catch((error) => error);
    expect(/there is no stream x*…/.exec(String(failure))?.[0]).toHaveLength(4_001);
  });
});

describe("a service that the plugin does not implement", () => {
  const services = [DataService, StreamService, AdmissionControlService, ResourceConversionService, ResourceService];
  const ofCsv = new Set<string>([DataService.queryData.path, ResourceService.callResource.path]);
  const missing = [...services, DiagnosticsService]
    .flatMap((service): MethodDefinition<never, unknown>[] => Object.values(service))
    .filter(({ path }) => !ofCsv.has(path) && !path.startsWith("/pluginv2.Diagnostics/"));

  test.each(missing.map((method) => method.path).concat("/pluginv2.NoSuchService/Call"))(
    "answers UNIMPLEMENTED: %s",
    async (path) => {
      const method = { ...DiagnosticsService.checkHealth, path };
      const call = callUnary(csv.client, method, { pluginContext: undefined, headers: new Map() });
      await expect(call).rejects.toThrow(PluginCallError);
      await expect(call).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
    },
  );
});

describe("health", () => {
  test("checks, lists and watches the name `plugin`; other names are not known", async () => {
    expect(await callUnary(csv.client, HealthService.check, { service: "plugin" })).toEqual({ status: 1 });
    expect(await callUnary(csv.client, HealthService.check, { service: "" })).toEqual({ status: 1 });
    const unknown = callUnary(csv.client, HealthService.check, { service: "other" });
    await expect(unknown).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { statuses } = await callUnary(csv.client, HealthService.list, {});
    expect([...statuses]).toEqual([
      ["", { status: 1 }],
      ["plugin", { status: 1 }],
    ]);
    const watch = callServerStream(csv.client, HealthService.watch, { service: "plugin" });
    expect((await watch.next()).value).toEqual({ status: 1 });
    await watch.return(undefined);
  });
});

describe("go-plugin's own streams stay open until the plugin ends", () => {
  test("stdio and broker", async () => {
    await using plugin = await startRaw((await buildProbe()).executable);
    const events: string[] = [];
    const stdio = plugin.client.makeServerStreamRequest(
      StdioService.streamStdio.path,
      StdioService.streamStdio.requestSerialize,
      StdioService.streamStdio.responseDeserialize,
      {},
    );
    const broker = bidi(plugin.client, BrokerService.startStream);
    for (const [name, stream] of [["stdio", stdio] as const, ["broker", broker] as const]) {
      stream.on("data", () => events.push(`${name} data`));
      stream.on("end", () => events.push(`${name} end`));
      stream.on("error", (error: Error) => events.push(`${name} ${error.message}`));
    }
    const knock: ConnInfo = {
      serviceId: 7,
      network: "unix",
      address: "/tmp/x",
      knock: { knock: true, ack: false, error: "" },
    };
    broker.write(knock);
    broker.write(knock);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(events).toEqual([]);
    const started = performance.now();
    await callUnary(plugin.client, ControllerService.shutdown, {});
    expect(await plugin.exited).toEqual({ code: 0, signal: null });
    // Nobody waits for them: they are what every host has open.
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(events.toSorted()).toEqual(["broker end", "stdio end"]);
  });

  test("the broker's stream ends when the host ends it", async () => {
    const broker = bidi(csv.client, BrokerService.startStream);
    broker.resume();
    const ended = new Promise((resolve) => broker.on("status", resolve));
    broker.end();
    expect(await ended).toMatchObject({ code: 0 });
  });
});

describe("server reflection", () => {
  async function reflect(
    requests: readonly Partial<ServerReflectionRequest>[],
    method = ReflectionService.serverReflectionInfo,
  ): Promise<ServerReflectionResponse[]> {
    const stream = bidi(probe.client, method);
    for (const request of requests) {
      stream.write(ServerReflectionRequest.fromPartial({ host: "localhost", ...request }));
    }
    stream.end();
    return all<ServerReflectionResponse>(stream);
  }

  test.each([
    ["v1", ReflectionService.serverReflectionInfo],
    ["v1alpha", ReflectionAlphaService.serverReflectionInfo],
  ])("lists the services: %s", async (_, method) => {
    const [answer] = await reflect([{ listServices: "" }], method);
    expect(answer?.validHost).toBe("localhost");
    expect(answer?.listServicesResponse?.service.map(({ name }) => name)).toEqual([
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "plugin.GRPCBroker",
      "plugin.GRPCController",
      "plugin.GRPCStdio",
      "pluginv2.AdmissionControl",
      "pluginv2.Data",
      "pluginv2.Diagnostics",
      "pluginv2.Resource",
      "pluginv2.ResourceConversion",
      "pluginv2.Stream",
    ]);
  });

  test("names only what the plugin has", async () => {
    const stream = bidi(csv.client, ReflectionService.serverReflectionInfo);
    stream.write(ServerReflectionRequest.fromPartial({ listServices: "" }));
    stream.end();
    const names = (await all<ServerReflectionResponse>(stream))[0]?.listServicesResponse?.service.map(
      (service) => service.name,
    );
    expect(names).toContain("pluginv2.Data");
    expect(names).not.toContain("pluginv2.Stream");
  });

  test("sends the files of a symbol and of a name, each once on a stream", async () => {
    const [bySymbol, byName, again] = await reflect([
      { fileContainingSymbol: "pluginv2.Data.QueryData" },
      { fileByFilename: "pluginv2/stream.proto" },
      { fileByFilename: "pluginv2/context.proto" },
    ]);
    const files = (answer: ServerReflectionResponse | undefined) =>
      answer?.fileDescriptorResponse?.fileDescriptorProto.map(
        (bytes) => /pluginv2\/\w+\.proto/.exec(Buffer.from(bytes).toString("latin1"))?.[0],
      );
    expect(files(bySymbol)).toEqual(["pluginv2/data.proto", "pluginv2/context.proto"]);
    expect(files(byName)).toEqual(["pluginv2/stream.proto"]);
    expect(files(again)).toEqual(["pluginv2/context.proto"]);
  });

  test("answers what it does not know with an error of that request, and goes on", async () => {
    const answers = await reflect([
      { fileByFilename: "no/such.proto" },
      { fileContainingSymbol: "pluginv2.NoSuchThing" },
      { fileContainingExtension: { containingType: "pluginv2.User", extensionNumber: 9 } },
      {},
      { allExtensionNumbersOfType: "pluginv2.User" },
    ]);
    expect(answers.map(({ errorResponse }) => errorResponse?.errorCode)).toEqual([5, 5, 5, 3, undefined]);
    expect(answers[4]?.allExtensionNumbersResponse).toEqual({ baseTypeName: "pluginv2.User", extensionNumber: [] });
  });
});
