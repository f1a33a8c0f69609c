import { setTimeout } from "node:timers/promises";
import { decodeJson, type Frame, frame, numbers } from "@framewright/data";
import { PublishStreamResponse_Status, SubscribeStreamResponse_Status } from "@framewright/protocol";
import { describe, expect, it } from "vitest";
import {
  DownstreamError,
  defineDataSource,
  type PublishAnswer,
  type StreamHandlers,
  type SubscribeAnswer,
} from "../src/index.js";
import { encodeMessages } from "../src/streams/encode-messages.js";
import { bytes, callContext, collect, dataSourceContext } from "./helpers.js";

const tick = (n: number, unit = "short"): Frame => frame("ticks", { n: numbers([n], { unit }) });

async function* messages(...list: unknown[]): AsyncGenerator<never> {
  for (const message of list) {
    yield message as never;
  }
}

function streaming(streams: Partial<StreamHandlers<string>>) {
  const { handlers } = defineDataSource({
    pluginId: "p",
    open: () => "instance",
    streams: { run: () => messages(), ...streams },
  });
  const { subscribeStream, publishStream, runStream } = handlers;
  if (subscribeStream === undefined || publishStream === undefined || runStream === undefined) {
    throw new Error("the definition has no streams");
  }
  return { subscribeStream, publishStream, runStream };
}

function request(path: string, data: unknown = undefined) {
  const text = data === undefined ? "" : JSON.stringify(data);
  return { pluginContext: dataSourceContext(), path, data: bytes(text), headers: new Map<string, string>() };
}

const text = (data: Uint8Array): string => new TextDecoder().decode(data);
const { OK, NOT_FOUND, PERMISSION_DENIED } = SubscribeStreamResponse_Status;

describe("encodeMessages", () => {
  it("sends the schema with the first frame and when it changes, else rows alone", async () => {
    const schemas: string[] = [];
    const list = messages(tick(1), tick(2), { json: { other: true } }, tick(3), tick(4, "ms"), tick(5, "ms"));
    const texts = (await collect(encodeMessages(list, (schema) => schemas.push(schema)))).map((line) =>
      JSON.parse(line),
    );
    expect(texts.map((message) => Object.keys(message))).toEqual([
      ["schema", "data"],
      ["data"],
      ["other"],
      ["data"],
      ["schema", "data"],
      ["data"],
    ]);
    expect(texts.map((message) => message.data?.values[0][0])).toEqual([1, 2, undefined, 3, 4, 5]);
    expect(schemas.map((schema) => JSON.parse(schema).schema.fields[0].config.unit)).toEqual(["short", "ms"]);
  });

  it.each([
    { message: undefined, described: "undefined" },
    { message: "text", described: "a string" },
    { message: { rows: 1 }, described: "an object with rows" },
    { message: { json: undefined }, described: "an object with json" },
    { message: { json: 1n }, described: "an object with json" },
  ])("refuses $described", async ({ message, described }) => {
    await expect(collect(encodeMessages(messages(message), () => {}))).rejects.toThrow(
      `what a stream yields must be a frame or { json }, not ${described}`,
    );
  });
});

describe("subscribeStream", () => {
  it("lets everyone listen unless told otherwise", async () => {
    expect(await streaming({}).subscribeStream(request("a"), callContext())).toMatchObject({ status: OK });
  });

  it.each<{ answer: SubscribeAnswer; status: SubscribeStreamResponse_Status; data: string }>([
    { answer: "ok", status: OK, data: "" },
    { answer: "notFound", status: NOT_FOUND, data: "" },
    { answer: "permissionDenied", status: PERMISSION_DENIED, data: "" },
    { answer: { initialData: { json: [1] } }, status: OK, data: "[1]" },
  ])("answers $answer", async ({ answer, status, data }) => {
    const { subscribeStream } = streaming({ subscribe: () => answer });
    const response = await subscribeStream(request("a"), callContext());
    expect([response.status, text(response.data)]).toEqual([status, data]);
  });

  it("gives a frame as initial data with its schema", async () => {
    const { subscribeStream } = streaming({ subscribe: () => ({ initialData: tick(7) }) });
    const { data } = await subscribeStream(request("a"), callContext());
    expect(decodeJson(text(data))).toMatchObject({ name: "ticks", length: 1 });
  });

  it("hands on path, data and instance", async () => {
    let seen: unknown;
    const { subscribeStream } = streaming({
      subscribe(path, { data, instance }) {
        seen = [path, data, instance];
        return "ok";
      },
    });
    await subscribeStream(request("a/b", { q: 1 }), callContext());
    expect(seen).toEqual(["a/b", { q: 1 }, "instance"]);
  });

  it.each([
    { status: 401, answer: PERMISSION_DENIED },
    { status: 403, answer: PERMISSION_DENIED },
    { status: 404, answer: NOT_FOUND },
  ])("takes an error with status $status as a refusal", async ({ status, answer }) => {
    const { subscribeStream } = streaming({
      subscribe() {
        throw new DownstreamError("no", { status });
      },
    });
    expect(await subscribeStream(request("a"), callContext())).toMatchObject({ status: answer });
  });

  it("fails under the channel's name for anything else", async () => {
    const { subscribeStream } = streaming({ subscribe: () => JSON.parse("null") });
    await expect(subscribeStream(request("a"), callContext())).rejects.toThrow(
      'streams.subscribe must return "ok", "notFound", "permissionDenied" or { initialData }, not null',
    );
    const broken = streaming({
      subscribe() {
        throw new DownstreamError("broker is down");
      },
    });
    await expect(broken.subscribeStream(request("a"), callContext())).rejects.toThrow(
      'channel "a" of Test: broker is down',
    );
  });

  it("gives who joins a running channel its schema", async () => {
    const { subscribeStream, runStream } = streaming({
      async *run() {
        yield tick(1);
        await setTimeout(10_000);
      },
    });
    const controller = new AbortController();
    const running = runStream(request("a"), callContext({ signal: controller.signal }))[Symbol.asyncIterator]();
    await running.next();
    const joined = await subscribeStream(request("a"), callContext());
    expect(Object.keys(JSON.parse(text(joined.data)))).toEqual(["schema"]);
    expect(text((await subscribeStream(request("b"), callContext())).data)).toBe("");
    controller.abort();
    expect(text((await subscribeStream(request("a"), callContext())).data)).toBe("");
  });
});

describe("a channel that is run anew", () => {
  it("keeps the new run's schema when the old one ends", async () => {
    let runs = 0;
    const { subscribeStream, runStream } = streaming({
      async *run() {
        runs++;
        yield runs === 1 ? tick(1, "ms") : tick(2, "s");
        await setTimeout(10_000);
      },
    });
    const begin = async () => {
      const controller = new AbortController();
      await runStream(request("a"), callContext({ signal: controller.signal }))
        [Symbol.asyncIterator]()
        .next();
      return controller;
    };
    const joined = async () => text((await subscribeStream(request("a"), callContext())).data);
    const old = await begin();
    const current = await begin();
    old.abort();
    expect(JSON.parse(await joined())).toMatchObject({ schema: { fields: [{ config: { unit: "s" } }] } });
    current.abort();
    expect(await joined()).toBe("");
  });
});

describe("a channel whose old run goes on after its end", () => {
  it("keeps the new run's schema, whatever the old one still sends", async () => {
    let runs = 0;
    let sendLate = (): void => {};
    const late = new Promise<void>((resolve) => (sendLate = resolve));
    const { subscribeStream, runStream } = streaming({
      async *run() {
        if (++runs === 1) {
          await late;
          yield tick(1, "ms");
        } else {
          yield tick(2, "s");
          await setTimeout(10_000);
        }
      },
    });
    const [old, current] = [new AbortController(), new AbortController()];
    const first = runStream(request("a"), callContext({ signal: old.signal }))[Symbol.asyncIterator]();
    const firstMessage = first.next();
    await setTimeout(10);
    old.abort();
    await runStream(request("a"), callContext({ signal: current.signal }))
      [Symbol.asyncIterator]()
      .next();
    sendLate();
    await firstMessage;
    await first.return?.();
    const joined = await subscribeStream(request("a"), callContext());
    expect(JSON.parse(text(joined.data))).toMatchObject({ schema: { fields: [{ config: { unit: "s" } }] } });
    current.abort();
  });
});

describe("publishStream", () => {
  it("lets nobody publish unless told otherwise", async () => {
    expect(await streaming({}).publishStream(request("a", 1), callContext())).toMatchObject({
      status: PublishStreamResponse_Status.PERMISSION_DENIED,
    });
  });

  it("does not take nothing for a yes, nor for a no", async () => {
    const { publishStream } = streaming({ publish: () => JSON.parse("null") });
    await expect(publishStream(request("a", 1), callContext())).rejects.toThrow(/streams\.publish must return .* null/);
  });

  it.each<{ answer: PublishAnswer; status: PublishStreamResponse_Status; data: string }>([
    { answer: "ok", status: PublishStreamResponse_Status.OK, data: "" },
    { answer: { data: { json: { a: 1 } } }, status: PublishStreamResponse_Status.OK, data: '{"a":1}' },
    { answer: "notFound", status: PublishStreamResponse_Status.NOT_FOUND, data: "" },
  ])("answers $answer", async ({ answer, status, data }) => {
    const { publishStream } = streaming({ publish: () => answer });
    const response = await publishStream(request("a", {}), callContext());
    expect([response.status, text(response.data)]).toEqual([status, data]);
  });

  it("refuses a publication that is no JSON", async () => {
    const { publishStream } = streaming({ publish: () => "ok" });
    await expect(publishStream({ ...request("a"), data: bytes("{") }, callContext())).rejects.toThrow(
      'channel "a" of Test: data: is not valid JSON',
    );
  });
});

describe("runStream", () => {
  it("ends with the error of what it runs, under the channel's name", async () => {
    const { runStream } = streaming({
      async *run() {
        yield tick(1);
        throw new TypeError("x is undefined");
      },
    });
    const failed = collect(runStream(request("a"), callContext())).catch((error: unknown) => error);
    expect(await failed).toMatchObject({ message: 'channel "a" of Test: x is undefined', source: "plugin" });
  });

  it("says so when there is nothing to iterate over", async () => {
    const { runStream } = streaming({ run: () => JSON.parse("[]") });
    await expect(collect(runStream(request("a"), callContext()))).rejects.toThrow(
      "streams.run must return an async iterable, not an array",
    );
  });

  it("closes what it runs when nobody listens any more", async () => {
    let closed = false;
    const { runStream } = streaming({
      async *run() {
        try {
          while (true) {
            yield tick(1);
          }
        } finally {
          closed = true;
        }
      },
    });
    for await (const _ of runStream(request("a"), callContext())) {
      break;
    }
    expect(closed).toBe(true);
  });
});
