import { setTimeout } from "node:timers/promises";
import type { StreamMessage } from "@framewright/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect } from "../src/collect.js";
import { buildSdkProbe, type SdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";

let probe: SdkProbe;
const context = sdkProbeContext();
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);

beforeAll(async () => {
  probe = await startSdkProbe(await buildSdkProbe());
});

afterAll(() => probe.plugin.stop());

interface FrameMessage {
  readonly schema?: { readonly fields: readonly { readonly name: string }[] };
  readonly data?: { readonly values: readonly (readonly unknown[])[] };
}

/** What a message says of a frame. */
const parsed = (message: StreamMessage): FrameMessage => JSON.parse(text(message.data));

async function run(path: string): Promise<FrameMessage[]> {
  return (await collect(probe.plugin.runStream({ context, path }))).map(parsed);
}

test("the schema is sent once, and again when it changes", async () => {
  const messages = await run("changing");
  expect(messages.map(({ schema }) => schema?.fields.map(({ name }) => name))).toEqual([
    ["n"],
    undefined,
    ["n", "more"],
    undefined,
  ]);
  expect(messages.map(({ data }) => data?.values)).toEqual([[[1]], [[2]], [[3], ["x"]], [[4], ["y"]]]);
});

test("10,000 frames reach a slow reader in order, none made long before it is taken", async () => {
  const memory = async (): Promise<number> => {
    const response = await probe.plugin.callResource({ context, url: "hono/memory" });
    const { rss }: { rss: number } = JSON.parse(await response.text());
    return rss;
  };
  const made = async (): Promise<number> => {
    for await (const message of probe.plugin.runStream({ context, path: "made" })) {
      return Number(Object.values(JSON.parse(text(message.data)))[0]);
    }
    throw new Error("the channel ended at once");
  };

  // The heap of a process that has just started grows in any case, until it has been collected a few times.
  for await (const _ of probe.plugin.runStream({ context, path: "count/5000/5000" }));
  let taken = 0;
  let schemas = 0;
  let ahead = 0;
  const resident: number[] = [];
  // 50 MB in all, which a plugin that ran ahead of the reader would have to keep.
  for await (const message of probe.plugin.runStream({ context, path: "count/10000/5000" })) {
    const { schema, data } = parsed(message);
    expect(data?.values[0]).toEqual([taken]);
    schemas += schema === undefined ? 0 : 1;
    taken++;
    if (taken % 500 === 1) {
      await setTimeout(100);
      resident.push(await memory());
      ahead = Math.max(ahead, (await made()) - taken);
    }
  }
  expect(taken).toBe(10_000);
  expect(schemas).toBe(1);
  const [early, late] = [resident.slice(0, 10), resident.slice(-10)].map((sizes) => middle(sizes) >> 20);
  console.info(`resident ${early} MiB early, ${late} MiB late; ${ahead} frames of 5 kB were made ahead of the reader`);
  expect((late ?? 0) - (early ?? 0)).toBeLessThan(15);
  expect(ahead).toBeLessThan(2_000);
});

/** The median: one reading may fall just before a collection. */
function middle(sizes: readonly number[]): number {
  return [...sizes].sort((a, b) => a - b)[sizes.length >>> 1] ?? Number.NaN;
}

test("a channel ends when nobody listens any more", async () => {
  let seen = 0;
  for await (const message of probe.plugin.runStream({ context, path: "ticks" })) {
    expect(parsed(message).data?.values).toEqual([[seen]]);
    if (++seen === 3) {
      break;
    }
  }
  await expect.poll(() => probe.logged("ticks ended")).toHaveLength(1);
});

test("a channel that throws ends with its error, in the log too, and can be run again", async () => {
  for (let time = 1; time <= 2; time++) {
    const messages: FrameMessage[] = [];
    const reading = (async () => {
      for await (const message of probe.plugin.runStream({ context, path: "breaks" })) {
        messages.push(parsed(message));
      }
    })();
    await expect(reading).rejects.toThrow('channel "breaks" of SDK probe: the broker closed the connection');
    expect(messages.map(({ data }) => data?.values)).toEqual([[[1]]]);
    const failures = () => probe.logged("call failed").filter(({ level }) => level === "error");
    await expect.poll(failures).toHaveLength(time);
    expect(failures()[0]?.fields["error"]).toMatch(/^DownstreamError: channel "breaks"[\s\S]*caused by: /);
  }
});

test("who subscribes may, or may not, and gets a first message", async () => {
  const subscribe = (path: string, data?: unknown, role?: string) =>
    probe.plugin.subscribeStream({
      context: { ...context, ...(role && { user: { login: "a", name: "", email: "", role } }) },
      path,
      ...(data === undefined ? {} : { data: bytes(data) }),
    });
  expect(await subscribe("open")).toEqual({ status: "ok", initialData: undefined });
  expect(await subscribe("missing")).toMatchObject({ status: "notFound" });
  expect(await subscribe("editors", undefined, "Viewer")).toMatchObject({ status: "permissionDenied" });
  expect(await subscribe("editors", undefined, "Editor")).toMatchObject({ status: "ok" });
  expect(text((await subscribe("open", { city: "Bern" })).initialData)).toBe('{"echo":{"city":"Bern"}}');
});

test("who joins a channel that runs gets its schema", async () => {
  for await (const _ of probe.plugin.runStream({ context, path: "ticks" })) {
    const { initialData } = await probe.plugin.subscribeStream({ context, path: "ticks" });
    expect(Object.keys(JSON.parse(text(initialData)))).toEqual(["schema"]);
    const elsewhere = { ...context, orgId: 2 };
    expect((await probe.plugin.subscribeStream({ context: elsewhere, path: "ticks" })).initialData).toBeUndefined();
    break;
  }
});

test("a publication goes out as the plugin says, where it lets it", async () => {
  const published = await probe.plugin.publishStream({ context, path: "open", data: bytes({ n: 1 }) });
  expect([published.status, text(published.data)]).toEqual(["ok", '{"n":1}']);
  expect(await probe.plugin.publishStream({ context, path: "closed", data: bytes(1) })).toEqual({
    status: "permissionDenied",
    data: undefined,
  });
  const broken = probe.plugin.publishStream({ context, path: "open", data: new TextEncoder().encode("{") });
  await expect(broken).rejects.toThrow('channel "open" of SDK probe: data: is not valid JSON');
});
