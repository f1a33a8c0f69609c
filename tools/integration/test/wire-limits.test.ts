import { setTimeout } from "node:timers/promises";
import { callServerStream, callUnary, toWireContext } from "@framewright/host";
import {
  CallResourceRequest,
  DataService,
  PublishStreamRequest,
  QueryDataRequest,
  ResourceService,
  RunStreamRequest,
  StreamService,
} from "@framewright/protocol";
import { Metadata } from "@grpc/grpc-js";
import { beforeAll, describe, expect, test } from "vitest";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { residentBytes } from "../src/process-memory.js";
import { hostEnv, type RawPlugin, startRaw } from "../src/raw-plugin.js";

const MIB = 1024 * 1024;
/** What a publication's message holds beside its data. */
const OVERHEAD = 16;

let executable: string;

beforeAll(async () => {
  ({ executable } = await buildProbe());
});

/** Publishes so many bytes; the probe answers with the same. */
async function publish(plugin: RawPlugin, bytes: number): Promise<number> {
  const request = PublishStreamRequest.fromPartial({ data: new Uint8Array(bytes) });
  const { data } = await callUnary(plugin.client, StreamService.publishStream, request, { timeoutMs: 20_000 });
  return data.length;
}

describe("a message that comes in", () => {
  test("may have 16 MiB; a larger one is RESOURCE_EXHAUSTED, and the connection lives on", async () => {
    await using plugin = await startRaw(executable);
    const running = callServerStream(
      plugin.client,
      StreamService.runStream,
      RunStreamRequest.fromPartial({ path: "ticks" }),
    );
    await running.next();
    expect(await publish(plugin, 16 * MIB - OVERHEAD)).toBe(16 * MIB - OVERHEAD);
    for (const size of [16 * MIB + 1, 64 * MIB]) {
      const refused = publish(plugin, size);
      await expect(refused).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      await expect(refused).rejects.toThrow(/larger than max/);
      expect(await publish(plugin, 10)).toBe(10);
    }
    // A stream that was open all the while goes on over the same connection.
    expect((await running.next()).done).toBe(false);
    await running.return(undefined);
  });

  test("may have another size, where the plugin says so", async () => {
    await using small = await startRaw(executable, { ...hostEnv, PROBE_MAX_RECEIVED_BYTES: "1000" });
    expect(await publish(small, 900)).toBe(900);
    await expect(publish(small, 1_001)).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    expect(await publish(small, 900)).toBe(900);
    await using unlimited = await startRaw(executable, { ...hostEnv, PROBE_MAX_RECEIVED_BYTES: "-1" });
    expect(await publish(unlimited, 40 * MIB)).toBe(40 * MIB);
  });

  test.each(["0", "-2", "1.5", "lots"])(
    "cannot have the size %s: the plugin says so and does not start",
    async (size) => {
      const start = startRaw(executable, { ...hostEnv, PROBE_MAX_RECEIVED_BYTES: size });
      await expect(start).rejects.toThrow(/exited with 1.*maxReceivedBytes/s);
    },
  );

  test("is measured when it is unpacked, too", async () => {
    await using plugin = await startRaw(executable);
    const { path, requestSerialize, responseDeserialize } = StreamService.publishStream;
    const metadata = new Metadata();
    const request = PublishStreamRequest.fromPartial({ data: new Uint8Array(64 * MIB) });
    const gzip = { "grpc.default_compression_algorithm": 2 };
    const client = plugin.connect(undefined, gzip);
    const error = await new Promise((resolve) =>
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, resolve),
    );
    expect(error).toMatchObject({ code: 8 });
    expect(await publish(plugin, 10)).toBe(10);
    expect(residentBytes(plugin.pid)).toBeLessThan(250 * MIB);
  });
});

describe("what goes out", () => {
  test("is not limited: one answer of 100 MiB", async () => {
    await using plugin = await startRaw(executable);
    const query = { refId: "A", json: Buffer.from(JSON.stringify({ bytes: 100 * MIB })) };
    const request = QueryDataRequest.fromPartial({ pluginContext: toWireContext(probeContext()), queries: [query] });
    const { responses } = await callUnary(plugin.client, DataService.queryData, request);
    const answer = responses.get("A");
    expect([answer?.status, answer?.error]).toEqual([200, ""]);
    expect(answer?.frames[0]?.length).toBeGreaterThan(100 * MIB);
  });

  test("is made as fast as the host takes it, not faster", async () => {
    await using plugin = await startRaw(executable);
    const total = 300 * MIB;
    const url = `bytes?n=${total}&chunk=${64 * 1024}`;
    const request = CallResourceRequest.fromPartial({
      pluginContext: toWireContext(probeContext()),
      method: "GET",
      path: "bytes",
      url,
    });
    const body = callServerStream(plugin.client, ResourceService.callResource, request);
    let received = (await body.next()).value?.body.length ?? 0;
    await setTimeout(1_000);
    const waiting = residentBytes(plugin.pid);
    for await (const message of body) {
      received += message.body.length;
    }
    expect(received).toBe(total);
    // A plugin that did not wait would hold what is left: 300 MiB and more.
    expect(waiting).toBeLessThan(200 * MIB);
    expect(residentBytes(plugin.pid)).toBeLessThan(250 * MIB);
  });
});
