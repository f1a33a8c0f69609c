import { CallResourceRequest, type CallResourceResponse } from "@framewright/protocol";
import { describe, expect, it } from "vitest";
import { readRequestHeaders } from "../src/calls/forwarded-headers.js";
import { toWebRequest } from "../src/resources/web-request.js";
import { fromWebResponse } from "../src/resources/web-response.js";

const { signal } = new AbortController();

async function collect(response: Response, stop: AbortSignal = signal): Promise<CallResourceResponse[]> {
  const messages: CallResourceResponse[] = [];
  for await (const message of fromWebResponse(response, stop)) {
    messages.push(message);
  }
  return messages;
}

describe("toWebRequest", () => {
  it.each([
    { url: "files?limit=10&q=a%20b", path: "files", seen: "http://plugin.invalid/files?limit=10&q=a%20b" },
    { url: "/a/b", path: "/a/b", seen: "http://plugin.invalid/a/b" },
    { url: "", path: "only/path", seen: "http://plugin.invalid/only/path" },
    { url: "//evil.example/x", path: "", seen: "http://plugin.invalid/evil.example/x" },
    { url: "", path: "", seen: "http://plugin.invalid/" },
  ])("gives $url the URL $seen", ({ url, path, seen }) => {
    const call = CallResourceRequest.fromPartial({ url, path, method: "GET" });
    expect(toWebRequest(call, new Headers(), signal).url).toBe(seen);
  });

  it("carries method, headers and body", async () => {
    const call = CallResourceRequest.fromPartial({
      url: "x",
      method: "post",
      headers: new Map([["Accept", { values: ["a", "b"] }]]),
      body: Uint8Array.of(1, 2, 255),
    });
    const request = toWebRequest(call, readRequestHeaders(call.headers), signal);
    expect(request.method).toBe("POST");
    expect(request.headers.get("accept")).toBe("a, b");
    expect(new Uint8Array(await request.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 255));
  });

  it("drops the body of a GET, which the Web's Request forbids", () => {
    const call = CallResourceRequest.fromPartial({ url: "x", method: "GET", body: Uint8Array.of(1) });
    expect(toWebRequest(call, new Headers(), signal).body).toBeNull();
  });
});

describe("fromWebResponse", () => {
  it("sends code and headers with the first chunk", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Uint8Array.of(1));
        controller.enqueue(Uint8Array.of(2, 3));
        controller.close();
      },
    });
    const messages = await collect(new Response(body, { status: 201, headers: { "x-a": "1" } }));
    expect(messages.map(({ code, body }) => [code, [...body]])).toEqual([
      [201, [1]],
      [0, [2, 3]],
    ]);
    expect(messages[0]?.headers.get("x-a")).toEqual({ values: ["1"] });
    expect(messages[1]?.headers.size).toBe(0);
  });

  it("sends one message for a response without a body", async () => {
    const messages = await collect(new Response(null, { status: 204 }));
    expect(messages.map(({ code, body }) => [code, body.length])).toEqual([[204, 0]]);
  });

  it("answers 500 for a network error, whose status nobody could be sent", async () => {
    const [message] = await collect(Response.error());
    expect(message?.code).toBe(500);
  });

  it("keeps cookies apart", async () => {
    const headers = new Headers();
    headers.append("set-cookie", "a=1, b");
    headers.append("set-cookie", "c=2");
    const [message] = await collect(new Response("x", { headers }));
    expect(message?.headers.get("set-cookie")).toEqual({ values: ["a=1, b", "c=2"] });
  });

  it("cancels the body when the host stops reading", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Uint8Array.of(1)),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const _ of fromWebResponse(new Response(body), signal)) {
      break;
    }
    expect(cancelled).toBe(true);
  });

  it("sends a large chunk in pieces, without copying it", async () => {
    const chunk = new Uint8Array(1_200_000);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(chunk);
        controller.close();
      },
    });
    const messages = await collect(new Response(body));
    expect(messages.map(({ body }) => body.length)).toEqual([524_288, 524_288, 151_424]);
  });

  it("says so when a body streams something else than bytes", async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue("text");
        controller.close();
      },
    });
    await expect(collect(new Response(body))).rejects.toThrow(/must stream bytes \(Uint8Array\), not a string/);
  });

  it("gives up a body that is waiting for its next chunk", async () => {
    const controller = new AbortController();
    let reason: unknown;
    const body = new ReadableStream<Uint8Array>({
      cancel: (given) => {
        reason = given;
      },
    });
    const collected = collect(new Response(body), controller.signal);
    controller.abort(new Error("the host hung up"));
    expect(await collected).toHaveLength(1);
    expect(reason).toEqual(new Error("the host hung up"));
  });
});
