import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClientOptions } from "../../src/http/index.js";
import { startServer, type TestServer } from "./test-server.js";

let server: TestServer;
let other: TestServer;

beforeEach(async () => {
  other = await startServer((_, response) => response.end("other"));
  server = await startServer((request, response) => {
    const url = new URL(request.url, "http://server.invalid");
    const to = url.searchParams.get("to");
    if (to === null) {
      response.end(`at ${request.url}`);
    } else {
      response.writeHead(Number(url.searchParams.get("status") ?? 302), { location: to }).end("moved");
    }
  });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

async function ask(query: Record<string, string>, init: RequestInit = {}, options: HttpClientOptions = {}) {
  await using client = await createHttpClient(
    {
      url: `${server.url}/base`,
      basicAuth: { user: "u" },
      jsonData: { httpHeaderName1: "X-Key" },
      secureJsonData: { basicAuthPassword: "p", httpHeaderValue1: "k" },
    },
    options,
  );
  const response = await client.fetch("start", { ...init, query });
  return { status: response.status, body: await response.text(), url: response.url };
}

describe("followRedirects", () => {
  it("follows one at the same server, with the credentials", async () => {
    expect(await ask({ to: "/elsewhere?a=1" })).toEqual({
      status: 200,
      body: "at /elsewhere?a=1",
      url: `${server.url}/elsewhere?a=1`,
    });
    expect(server.seen.map(({ headers }) => [headers.authorization, headers["x-key"]])).toEqual([
      ["Basic dTpw", "k"],
      ["Basic dTpw", "k"],
    ]);
  });

  it.each([
    ["301", "POST", "GET", ""],
    ["302", "POST", "GET", ""],
    ["303", "PUT", "GET", ""],
    ["307", "POST", "POST", "text"],
    ["308", "PUT", "PUT", "text"],
    ["302", "PUT", "PUT", "text"],
  ])("after %s, %s goes on as %s", async (status, method, expected, body) => {
    await ask({ to: "/end", status }, { method, body: "text", headers: { "content-type": "text/x-test" } });
    const [first, second] = server.seen;
    expect(first).toMatchObject({ method, body: "text" });
    expect(second).toMatchObject({ method: expected, body });
    expect(second?.headers["content-type"]).toBe(body === "" ? undefined : "text/x-test");
  });

  it("refuses one that leads to another server, and says where", async () => {
    await expect(ask({ to: `${other.url}/x?token=1` })).rejects.toMatchObject({
      source: "downstream",
      status: 502,
      message: `${server.url}/base/start redirected to ${other.url}/x, which is not at the data source's URL; correct that URL if it has moved`,
    });
    expect(other.seen).toEqual([]);
  });

  it("follows that too where the author allows it, without any credentials", async () => {
    const headers = { authorization: "Bearer t", cookie: "c=1", "x-id-token": "i", "x-mine": "1" };
    expect(await ask({ to: other.url }, { headers }, { allowOtherOrigins: true })).toMatchObject({ body: "other" });
    expect(other.seen[0]?.headers).toEqual({
      host: new URL(other.url).host,
      connection: "keep-alive",
      "accept-encoding": "gzip",
      "x-mine": "1",
    });
  });

  it.each([
    ["a circle", { to: "?to=" }, /the redirects probably go in a circle/],
    ["no URL", { to: "http://[" }, /to something that is not a URL/],
    ["another protocol", { to: "file:///etc/passwd" }, /to file:, which is not HTTP/],
  ])("gives up on %s", async (_, query, message) => {
    const circle = query.to === "?to=" ? { to: "/base/start?to=%2Fbase%2Fstart" } : query;
    const loop = await startServer((_request, response) => response.writeHead(302, { location: "/base/start" }).end());
    const target = query.to === "?to=" ? loop : server;
    await using client = await createHttpClient({ url: `${target.url}/base`, jsonData: {}, secureJsonData: {} });
    await expect(client.fetch("start", { query: circle })).rejects.toMatchObject({
      status: 502,
      message: expect.stringMatching(message),
    });
    expect(loop.seen.length).toBe(query.to === "?to=" ? 11 : 0);
    await loop[Symbol.asyncDispose]();
  });

  it("sends no stream a second time, and needs none for a GET", async () => {
    const stream = () => ({ method: "POST", body: ReadableStream.from([Buffer.from("once")]) });
    await expect(ask({ to: "/end", status: "307" }, stream())).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("wants the body again"),
    });
    expect(await ask({ to: "/end", status: "303" }, stream())).toMatchObject({ body: "at /end" });
    expect(server.seen.map(({ method, body }) => `${method} ${body}`)).toEqual(["POST once", "POST once", "GET "]);
  });

  it("leaves them to whoever asks for that", async () => {
    expect(await ask({ to: "/end" }, { redirect: "manual" })).toMatchObject({ status: 302, body: "moved" });
    await expect(ask({ to: "/end" }, { redirect: "error" })).rejects.toThrow("was not expected to happen");
  });

  it("takes a 302 without a location as an answer", async () => {
    await using plain = await startServer((_, response) => response.writeHead(302).end("nowhere"));
    await using client = await createHttpClient({ url: plain.url, jsonData: {}, secureJsonData: {} });
    expect((await client.fetch("/")).status).toBe(302);
  });
});
