import { describe, expect, it } from "vitest";
import { createHttpClient, parseRetryAfter, type RetryOptions, retry } from "../../src/http/index.js";
import { startServer, type TestServer } from "./test-server.js";

/** A server that answers each request with the next status, and the last one for ever. */
function statuses(list: readonly number[], headers: Record<string, string> = {}): Promise<TestServer> {
  let next = 0;
  return startServer((_, response) => {
    const status = list[Math.min(next++, list.length - 1)] ?? 200;
    if (status === 0) {
      response.destroy();
    } else {
      response.writeHead(status, headers).end("done");
    }
  });
}

async function ask(server: TestServer, options: RetryOptions, init: RequestInit = {}, settings = {}) {
  const middleware = [retry({ firstDelayMs: 1, ...options })];
  await using client = await createHttpClient(
    { url: server.url, jsonData: settings, secureJsonData: {} },
    { middleware },
  );
  const response = await client.fetch("/", init);
  return { status: response.status, body: await response.text() };
}

describe("retry", () => {
  it("asks again while the server is busy, with the same body", async () => {
    await using server = await statuses([503, 429, 200]);
    expect(await ask(server, {}, { method: "PUT", body: "text" })).toEqual({ status: 200, body: "done" });
    expect(server.seen.map(({ method, body }) => `${method} ${body}`)).toEqual(["PUT text", "PUT text", "PUT text"]);
  });

  it("asks again when the connection breaks", async () => {
    await using server = await statuses([0, 200]);
    expect(await ask(server, {})).toMatchObject({ status: 200 });
    expect(server.seen).toHaveLength(2);
  });

  it("gives up after so many attempts: with the last answer, or the last failure", async () => {
    await using busy = await statuses([503]);
    expect(await ask(busy, { attempts: 2 })).toMatchObject({ status: 503 });
    expect(busy.seen).toHaveLength(2);
    await using broken = await statuses([0]);
    await expect(ask(broken, { attempts: 3 })).rejects.toMatchObject({ source: "downstream", status: 502 });
    expect(broken.seen).toHaveLength(3);
  });

  it("sends a POST once, unless told that it is safe", async () => {
    await using server = await statuses([503, 200]);
    expect(await ask(server, {}, { method: "POST", body: "x" })).toMatchObject({ status: 503 });
    await using again = await statuses([503, 200]);
    expect(await ask(again, { methods: ["POST"] }, { method: "POST", body: "x" })).toMatchObject({ status: 200 });
    expect(again.seen.map(({ body }) => body)).toEqual(["x", "x"]);
  });

  it("sends a stream once", async () => {
    await using server = await statuses([503, 200]);
    const body = ReadableStream.from([Buffer.from("once")]);
    expect(await ask(server, {}, { method: "PUT", body })).toMatchObject({ status: 503 });
    expect(server.seen.map(({ body }) => body)).toEqual(["once"]);
  });

  it("leaves other statuses alone", async () => {
    await using server = await statuses([500, 200]);
    expect(await ask(server, {})).toMatchObject({ status: 500 });
  });

  it("waits as long as the server asks", async () => {
    await using server = await statuses([503, 200], { "retry-after": "1" });
    const started = performance.now();
    expect(await ask(server, {})).toMatchObject({ status: 200 });
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it("does not wait longer than its limit, nor than the client's time-out", async () => {
    await using server = await statuses([503, 200], { "retry-after": "3600" });
    expect(await ask(server, {})).toMatchObject({ status: 503 });
    await using again = await statuses([503, 200], { "retry-after": "5" });
    await expect(ask(again, {}, {}, { timeout: 0.2 })).rejects.toMatchObject({ source: "downstream", status: 504 });
    expect(again.seen).toHaveLength(1);
  });

  it("stops waiting when the caller gives up", async () => {
    await using server = await statuses([503, 200], { "retry-after": "5" });
    await expect(ask(server, {}, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("does not try again what cannot get better", async () => {
    await using server = await statuses([200]);
    let attempts = 0;
    const count = async (request: Request, next: (request: Request) => Promise<Response>) => {
      attempts++;
      return next(new Request("http://elsewhere.invalid/", request));
    };
    await using client = await createHttpClient(
      { url: server.url, jsonData: {}, secureJsonData: {} },
      { middleware: [retry({ firstDelayMs: 1 }), count] },
    );
    await expect(client.fetch("/")).rejects.toMatchObject({ source: "plugin" });
    expect(attempts).toBe(1);
  });
});

describe("the waits of retry", () => {
  it("grow and have a limit, of which chance takes a share", async () => {
    await using server = await statuses([503]);
    const started = performance.now();
    await ask(server, { attempts: 5, firstDelayMs: 40, maxDelayMs: 100, random: () => 1 });
    // 40 + 80 + 100 + 100
    expect(performance.now() - started).toBeGreaterThan(310);
    await using other = await statuses([503]);
    const again = performance.now();
    await ask(other, { attempts: 5, firstDelayMs: 400, random: () => 0 });
    expect(performance.now() - again).toBeLessThan(400);
  });
});

describe("parseRetryAfter", () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    [null, undefined],
    ["5", 5_000],
    [" 0 ", 0],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
  ])("reads %j as %s ms", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
