import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  createHttpClient,
  type HttpClient,
  type HttpClientConfig,
  type HttpClientOptions,
} from "../../src/http/index.js";
import { startServer, type TestServer } from "./test-server.js";

let server: TestServer;
let client: HttpClient | undefined;
/** What /endless has written, and whether its reader is gone. */
let written = 0;
let closed = false;

beforeEach(async () => {
  server = await startServer((request, response) => {
    const url = new URL(request.url, "http://server.invalid");
    switch (url.pathname) {
      case "/echo":
      case "/base/echo":
        response.setHeader("set-cookie", ["a=1", "b=2"]);
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(request));
        break;
      case "/hang":
        break;
      case "/trickle":
        response.write("first");
        break;
      case "/cut":
        response.writeHead(200, { "content-length": "100" });
        response.write("short");
        void setTimeout(20).then(() => response.destroy());
        break;
      case "/bytes":
        response.end(Buffer.alloc(Number(url.searchParams.get("size")), "x"));
        break;
      case "/endless": {
        const write = (): void => {
          do {
            written += 65_536;
          } while (response.write(Buffer.alloc(65_536)));
        };
        response.on("drain", write).on("close", () => {
          closed = true;
        });
        write();
        break;
      }
      case "/encoded": {
        const encoding = url.searchParams.get("as") ?? "";
        const encode = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }[encoding];
        const text = Buffer.from("hällo ".repeat(10_000));
        response.setHeader("content-encoding", encoding);
        response.end(encode === undefined ? text : encode(text));
        break;
      }
      case "/damaged":
        response.setHeader("content-encoding", "gzip");
        response.end(Buffer.concat([gzipSync("x".repeat(1_000)).subarray(0, 20), Buffer.from("nonsense")]));
        break;
      case "/status": {
        const status = Number(url.searchParams.get("code"));
        response.writeHead(status, { "content-type": url.searchParams.get("type") ?? "text/plain" });
        response.end(url.searchParams.get("body") ?? "");
        break;
      }
      default:
        response.writeHead(404).end();
    }
  });
});

afterEach(async () => {
  await client?.[Symbol.asyncDispose]();
  client = undefined;
  await server[Symbol.asyncDispose]();
});

async function open(config: Partial<HttpClientConfig> = {}, options: HttpClientOptions = {}): Promise<HttpClient> {
  client = await createHttpClient({ url: server.url, jsonData: {}, secureJsonData: {}, ...config }, options);
  return client;
}

const Echo = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.string(),
});

const downstream = (status: number, message: string | RegExp) =>
  expect.objectContaining({ source: "downstream", status, message: expect.stringMatching(message) });
const plugin = (message: string | RegExp, status = 500) =>
  expect.objectContaining({ source: "plugin", status, message: expect.stringMatching(message) });

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`it did not fail: ${String(value)}`);
    },
    (error: unknown) => error,
  );
}

describe("fetch", () => {
  it("answers with a Web Response: status, headers and body, for any status", async () => {
    const { fetch } = await open();
    const response = await fetch("/status?code=418&body=teapot");
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.ok, response.url]).toEqual([
      418,
      false,
      `${server.url}/status?code=418&body=teapot`,
    ]);
    expect(await response.text()).toBe("teapot");
    const echo = await fetch("echo");
    expect(echo.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await echo.json()).toMatchObject({ method: "GET", url: "/echo", body: "" });
  });

  it("joins paths to the data source's URL and adds parameters to its own", async () => {
    const { json } = await open({ url: `${server.url}/base?tenant=1` });
    const query = { list: [1, 2], text: "a b&c", no: undefined, yes: true };
    expect(await json("/echo?own=1", { query, schema: Echo })).toMatchObject({
      url: "/base/echo?tenant=1&own=1&list=1&list=2&text=a+b%26c&yes=true",
    });
  });

  it("sends no headers but the caller's and a few of its own", async () => {
    const { json } = await open();
    const echo = await json("echo", {
      headers: { "X-Own": "1", host: "other.example", "user-agent": "me" },
      schema: Echo,
    });
    expect(echo.headers).toEqual({
      "x-own": "1",
      host: "other.example",
      "user-agent": "me",
      "accept-encoding": "gzip",
      connection: "keep-alive",
    });
  });

  it.each([
    ["text", () => "größe", undefined],
    ["bytes", () => new TextEncoder().encode("größe"), undefined],
    ["a form", () => new URLSearchParams({ a: "1" }), "a=1"],
    ["a blob", () => new Blob(["größe"]), undefined],
  ])("sends %s with its length", async (_, body, expected = "größe") => {
    const { json } = await open();
    const echo = await json("echo", { method: "POST", body: body(), schema: Echo });
    expect(echo.body).toBe(expected);
    expect(echo.headers["content-length"]).toBe(String(Buffer.byteLength(expected)));
  });

  it("streams a body that is a stream", async () => {
    const { json } = await open();
    const body = ReadableStream.from([Buffer.from("one "), Buffer.from("two")]);
    const echo = await json("echo", { method: "POST", body, schema: Echo });
    expect(echo).toMatchObject({ body: "one two", headers: { "transfer-encoding": "chunked" } });
  });

  it("takes a Request", async () => {
    const { json } = await open();
    const request = new Request(`${server.url}/echo`, { method: "PUT", body: "text", headers: { "x-a": "1" } });
    const echo = await json(request, { query: { b: 2 }, schema: Echo });
    expect(echo).toMatchObject({ method: "PUT", url: "/echo?b=2", body: "text", headers: { "x-a": "1" } });
  });

  it.each([
    ["HEAD", "bytes?size=100", 200],
    ["GET", "status?code=204", 204],
    ["GET", "status?code=304", 304],
  ])("%s %s has no body", async (method, path, status) => {
    const { fetch } = await open();
    const response = await fetch(path, { method });
    expect([response.status, response.body, await response.text()]).toEqual([status, null, ""]);
  });

  it("keeps connections and uses them again", async () => {
    const { text } = await open();
    for (let i = 0; i < 20; i++) {
      await text("bytes?size=10");
    }
    // One, and another while the first is not yet known to be free.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it("makes no more connections to a host than the settings allow", async () => {
    const { text } = await open({ jsonData: { httpMaxConnsPerHost: 2 } });
    await Promise.all(Array.from({ length: 10 }, () => text("bytes?size=10")));
    expect(server.connections()).toBe(2);
  });

  it.each(["gzip", "br", "deflate"])("decodes %s", async (encoding) => {
    const { fetch } = await open();
    const response = await fetch(`encoded?as=${encoding}`);
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(await response.text()).toBe("hällo ".repeat(10_000));
  });

  it("leaves an encoding that it does not know as it is", async () => {
    const { fetch } = await open();
    const response = await fetch("encoded?as=rot13");
    expect(response.headers.get("content-encoding")).toBe("rot13");
    expect(await response.text()).toBe("hällo ".repeat(10_000));
  });

  it("says that a compressed answer is damaged", async () => {
    const { text } = await open();
    expect(await failure(text("damaged"))).toEqual(
      downstream(502, /sent is damaged: it cannot be decompressed \(Z_DATA_ERROR\)/),
    );
  });

  it("reads a large body whole", async () => {
    const { fetch } = await open();
    const size = 30_000_000;
    const response = await fetch(`bytes?size=${size}`);
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      hash.update(chunk);
    }
    expect(bytes).toBe(size);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(Buffer.alloc(size, "x")).digest("hex"));
  });

  it("reads only as fast as its reader, and hangs up when that stops", async () => {
    [written, closed] = [0, false];
    const { fetch } = await open();
    const response = await fetch("endless");
    const reader = response.body?.getReader();
    await reader?.read();
    await setTimeout(300);
    // What fits into the buffers of two sockets.
    expect(written).toBeLessThan(16_000_000);
    await reader?.cancel();
    await vi.waitFor(() => expect(closed).toBe(true));
  });
});

describe("what never leaves the data source's place", () => {
  it("refuses other servers, before anything is sent", async () => {
    const { fetch } = await open();
    expect(await failure(fetch("http://169.254.169.254/latest?token=1"))).toEqual(
      plugin(/^http:\/\/169\.254\.169\.254\/latest is not at the data source's URL/),
    );
    expect(await failure(fetch("file:///etc/passwd"))).toEqual(plugin("file: URLs"));
    expect(await failure(fetch(`${server.url.replace("//", "//u:hush@")}/echo`))).toEqual(plugin(/^(?!.*hush)/));
    expect(server.seen).toEqual([]);
  });

  it.each(["../admin", "/../admin", "%2e%2e/admin", "a/../../admin", "..\\admin"])(
    "refuses the path %s",
    async (path) => {
      const { fetch } = await open({ url: `${server.url}/base` });
      expect(await failure(fetch(path))).toEqual(plugin("leads out of the data source's URL", 400));
      expect(server.seen).toEqual([]);
    },
  );

  it("asks other servers where the author allows it, without credentials", async () => {
    await using other = await startServer((request, response) => response.end(JSON.stringify(request.headers)));
    const { json } = await open(
      {
        basicAuth: { user: "u" },
        jsonData: { httpHeaderName1: "X-Key" },
        secureJsonData: { basicAuthPassword: "p", httpHeaderValue1: "k" },
      },
      { allowOtherOrigins: true, headers: { "x-default": "1" } },
    );
    expect(Object.keys(Object(await json(other.url))).sort()).toEqual(["accept-encoding", "connection", "host"]);
  });
});

describe("time-outs and cancellation", () => {
  it("gives up when the time of the settings is over: before the headers, and in the body", async () => {
    const { text } = await open({ jsonData: { timeout: 0.2 } });
    for (const path of ["hang", "trickle"]) {
      expect(await failure(text(path))).toEqual(
        downstream(504, /127\.0\.0\.1:\d+ did not answer completely within 0\.2 s/),
      );
    }
  });

  it("takes a time for one request, and 0 for none", async () => {
    const { text } = await open({ jsonData: { timeout: 0.1 } });
    expect(await failure(text("hang", { timeoutMs: 50 }))).toEqual(downstream(504, "0.05 s"));
    const stop = AbortSignal.timeout(300);
    expect(await failure(text("hang", { timeoutMs: 0, signal: stop }))).toBe(stop.reason);
  });

  it("throws the caller's reason when the caller gives up, before and in the body", async () => {
    const { fetch } = await open();
    for (const path of ["hang", "trickle"]) {
      const controller = new AbortController();
      const reading = fetch(path, { signal: controller.signal }).then((response) => response.text());
      void setTimeout(50).then(() => controller.abort());
      expect(await failure(reading)).toMatchObject({ name: "AbortError" });
    }
    expect(await failure(fetch("echo", { signal: AbortSignal.abort("no") }))).toBe("no");
  });

  it("ends a request with the call of Grafana it is made for", async () => {
    const opened = await open();
    const controller = new AbortController();
    const call = opened.for({ signal: controller.signal });
    const reading = call.text("hang");
    void setTimeout(50).then(() => controller.abort());
    expect(await failure(reading)).toMatchObject({ name: "AbortError" });
  });

  it("leaves nothing on a signal that lives on", async () => {
    const { text } = await open();
    const { signal } = new AbortController();
    const [add, remove] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
    for (let i = 0; i < 3; i++) {
      await text("bytes?size=1", { signal });
    }
    expect(add).toHaveBeenCalledTimes(3);
    await vi.waitFor(() => expect(remove).toHaveBeenCalledTimes(3));
  });

  it("closes the connection of a body that nobody reads, when its time is over", async () => {
    const { fetch, text } = await open({ jsonData: { timeout: 0.1, httpMaxConnsPerHost: 1 } });
    await fetch("trickle");
    await vi.waitFor(async () => expect(await text("bytes?size=3", { timeoutMs: 0 })).toBe("xxx"));
  });

  it("ends its requests when it is closed", async () => {
    const opened = await open();
    const reading = opened.text("hang");
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    await opened[Symbol.asyncDispose]();
    expect(await failure(reading)).toEqual(plugin("cannot be made|closed", 503));
  });
});

describe("failures", () => {
  it("names the host that refuses, and what to look at", async () => {
    await server[Symbol.asyncDispose]();
    const { text } = await open();
    const error = await failure(text("echo"));
    expect(error).toEqual(downstream(502, /^127\.0\.0\.1:\d+ refuses connections \(ECONNREFUSED\); check that/));
    expect(error).toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });

  it("names the host that is not known", async () => {
    const { text } = await open({ url: "http://data-source.invalid/" });
    expect(await failure(text("echo"))).toEqual(downstream(502, /^the (host|name server).*data-source\.invalid/));
  });

  it("says when the connection broke off in the middle", async () => {
    const { text } = await open();
    expect(await failure(text("cut"))).toEqual(downstream(502, "closed the connection before its answer was complete"));
  });

  it("is the plugin's fault when the request is no request, and repeats no header", async () => {
    const { fetch } = await open({ secureJsonData: { token: "hush-hush" } });
    const error = await failure(fetch("echo", { headers: { authorization: "Bearer hush-hush\n" + "x" } }));
    expect(error).toEqual(plugin(/cannot be made/));
    expect(String(error)).not.toContain("hush-hush");
    expect(await failure(fetch("echo", { method: "MA KE" }))).toEqual(plugin(/cannot be made/));
  });
});

describe("limits", () => {
  const limited = (bytes: string) => new Map([["GF_RESPONSE_LIMIT", bytes]]);

  it("refuses a larger answer at once where its length is known", async () => {
    const { text } = await open({ grafanaConfig: limited("1000") });
    expect(await text("bytes?size=1000")).toHaveLength(1_000);
    expect(await failure(text("bytes?size=1001"))).toEqual(
      downstream(502, /bytes is larger than 1000 bytes, the limit set by Grafana \(\[dataproxy\] response_limit\)/),
    );
  });

  it("counts what comes out of a compressed answer", async () => {
    const { fetch } = await open({ grafanaConfig: limited("1000") });
    const response = await fetch("encoded?as=gzip");
    expect(await failure(response.text())).toEqual(downstream(502, "larger than 1000 bytes"));
  });

  it("goes by the request, then the call, then the configuration, then the author", async () => {
    const opened = await open({ grafanaConfig: limited("1000") }, { maxResponseBytes: 10 });
    expect(await opened.text("bytes?size=2000", { maxResponseBytes: 2_000 })).toHaveLength(2_000);
    const context = { pluginId: "p", pluginVersion: "", userAgent: "", grafanaConfig: limited("50") };
    expect(await failure(opened.for({ pluginContext: context }).text("bytes?size=51"))).toEqual(
      downstream(502, "50 bytes"),
    );
    await opened[Symbol.asyncDispose]();
    const { text } = await open({}, { maxResponseBytes: 10 });
    expect(await failure(text("bytes?size=11"))).toEqual(downstream(502, "set by the plugin"));
  });
});

describe("json, text and bytes", () => {
  it("check the status, and repeat what the server says about it", async () => {
    const { json } = await open({ secureJsonData: { token: "hush-hush" } });
    const ask = (code: number, body: string, type = "application/json") =>
      failure(json("status", { query: { code, body, type } }));
    expect(await ask(401, '{"error":{"message":"no such token: hush-hush"}}')).toEqual(
      downstream(
        401,
        /\/status answered 401 Unauthorized: no such token: \[redacted\]; check the user, password or token/,
      ),
    );
    expect(await ask(404, '{"message":"no table"}')).toEqual(downstream(404, /answered 404 Not Found: no table$/));
    expect(await ask(500, '{"errors":[{"detail":"boom"}]}')).toEqual(downstream(500, "Internal Server Error: boom$"));
    expect(await ask(503, "try\n  later", "text/plain")).toEqual(downstream(503, "Service Unavailable: try later$"));
    expect(await ask(502, "<html>nginx</html>", "text/html")).toEqual(downstream(502, "Bad Gateway$"));
    expect(await ask(429, "x".repeat(5_000), "text/plain")).toEqual(
      downstream(429, /x{300}…; the server asks for fewer/),
    );
    expect(await ask(405, "")).toEqual(plugin("405 Method Not Allowed", 405));
    expect(await ask(304, "")).toEqual(downstream(502, "answered 304 Not Modified"));
  });

  it("say what an answer is that is not JSON", async () => {
    const { json } = await open();
    expect(await failure(json("status?code=200&type=text/html&body=<html>"))).toEqual(
      downstream(502, "is a web page and not JSON"),
    );
    expect(await failure(json("status?code=200&type=text/plain&body={oops"))).toEqual(
      downstream(502, /status is not valid JSON \(text\/plain\)$/),
    );
  });

  it("name the fields that do not fit the schema", async () => {
    const { json } = await open();
    const schema = z.object({ body: z.number() });
    expect(await failure(json("echo", { schema }))).toEqual(
      downstream(502, /echo does not have the expected form: body: /),
    );
  });

  it("give text and bytes", async () => {
    const { text, bytes } = await open();
    expect(await text("bytes?size=2")).toBe("xx");
    expect(await bytes("bytes?size=2")).toEqual(new TextEncoder().encode("xx"));
  });
});
