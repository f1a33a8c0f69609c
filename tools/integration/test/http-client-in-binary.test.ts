import { createServer } from "node:http";
import { valueAt } from "@framewright/data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../src/certificates.js";
import { listen, type RunningServer, startDataServer } from "../src/data-server.js";
import { buildHttpProbe, httpContext, startInBinary } from "../src/http-sides.js";
import { temporaryFolder } from "../src/temporary-folder.js";

let executable: string;
let data: RunningServer;

beforeAll(async () => {
  executable = await buildHttpProbe();
  data = await startDataServer();
});

afterAll(() => data[Symbol.asyncDispose]());

const url = (): string => `http://localhost:${data.port}/base`;

describe("a resource request handed on to the data source's server", () => {
  test("carries the user's tokens and cookies, as far as the settings say so", async () => {
    await using side = await startInBinary(executable);
    const headers = new Headers({
      authorization: "Bearer of-the-user",
      "x-id-token": "id-of-the-user",
      cookie: "grafana_session=no; tenant=7",
    });
    const ask = async (jsonData: Record<string, unknown>) => {
      const context = httpContext({ url: url(), jsonData });
      const response = await side.plugin.callResource({ context, url: "path?a=1", headers });
      const { url: asked, headers: seen } = Object(await response.json());
      const { host: _host, connection: _connection, ...rest } = Object(seen);
      return [asked, rest];
    };
    const userAgent = "Grafana framewright-http-probe-datasource/0.0.0";
    const own = { "accept-encoding": "gzip", "user-agent": userAgent };
    expect(await ask({})).toEqual(["/base/path?a=1", own]);
    expect(await ask({ oauthPassThru: true, keepCookies: ["tenant"] })).toEqual([
      "/base/path?a=1",
      { ...own, authorization: "Bearer of-the-user", "x-id-token": "id-of-the-user", cookie: "tenant=7" },
    ]);
  });

  test("and so do queries", async () => {
    await using side = await startInBinary(executable);
    const context = httpContext({ url: url(), jsonData: { oauthPassThru: true } });
    const headers = { Authorization: "Bearer of-the-user", "http_X-ID-Token": "id-of-the-user", FromAlert: "true" };
    const answers = await side.plugin.queryData({ context, headers, queries: [{ refId: "A", json: {} }] });
    const column = answers.get("A")?.frames[0]?.fields[0]?.column;
    const { body } = JSON.parse(String(column === undefined ? "" : valueAt(column, 0)));
    expect(JSON.parse(body)).toMatchObject({
      headers: { authorization: "Bearer of-the-user", "x-id-token": "id-of-the-user", fromalert: "true" },
    });
  });

  test("streams both ways", async () => {
    await using side = await startInBinary(executable);
    const context = httpContext({ url: `http://localhost:${data.port}` });
    const body = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const response = await side.plugin.callResource({ context, url: "echo-body", method: "PUT", body });
    expect(response.status).toBe(200);
    expect(Buffer.compare(new Uint8Array(await response.arrayBuffer()), body)).toBe(0);
  });

  test("cannot lead anywhere else", async () => {
    await using side = await startInBinary(executable);
    const context = httpContext({ url: url() });
    const inside = await side.plugin.callResource({ context, url: "%2e%2e/admin" });
    expect(await inside.json()).toMatchObject({ url: "/base/admin" });
    const refused = await side.plugin.callResource({ context, url: "..%2fadmin" });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { message: expect.stringContaining("leads out of the data source's URL") },
    ]);
  });
});

test("the authorities of the system are trusted", async () => {
  const authority = await createAuthority("Company");
  await using secure = await startDataServer(await authority.issue("server", ["localhost"]));
  await using folder = await temporaryFolder();
  const source = { url: `https://localhost:${secure.port}` };
  const file = await folder.write("company.pem", authority.cert);
  for (const env of [{ SSL_CERT_FILE: file }, { NODE_EXTRA_CA_CERTS: file }]) {
    await using side = await startInBinary(executable, env);
    expect(await side.ask(source)).toMatchObject({ status: 200 });
  }
  await using side = await startInBinary(executable);
  expect(await side.ask(source)).toMatchObject({ status: 502 });
});

test("a query that Grafana cancels ends its request at the server", async () => {
  let ended: (value: string) => void = () => {};
  const hangsUp = new Promise<string>((resolve) => {
    ended = resolve;
  });
  let asked: () => void = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await using slow = await listen(
    createServer((request, response) => {
      response.on("close", () => ended(`${request.url} was given up`));
      asked();
    }),
  );
  await using side = await startInBinary(executable);
  const controller = new AbortController();
  const context = httpContext({ url: `http://localhost:${slow.port}` });
  const call = side.plugin.queryData(
    { context, queries: [{ refId: "A", json: { path: "wait" } }] },
    { signal: controller.signal },
  );
  await isAsked;
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect(await hangsUp).toBe("/wait was given up");
});

test("a replaced data source lets go of its connections", async () => {
  const open = new Set<object>();
  const server = createServer((_, response) => response.end("{}"));
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await using kept = await listen(server);
  await using side = await startInBinary(executable);
  await side.ask({ url: `http://localhost:${kept.port}` }, { times: 3 });
  expect(open.size).toBeGreaterThan(0);
  await side.ask({ url: url() });
  await expect.poll(() => open.size).toBe(0);
});

test("no error of the binary repeats a secret of the settings", async () => {
  const secret = "hush-hush-hush";
  await using talkative = await listen(
    createServer((request, response) => {
      response.writeHead(302, { location: `http://elsewhere.example/${secret}?${request.headers["x-key"]}` }).end();
    }),
  );
  await using side = await startInBinary(executable);
  const answer = await side.ask({
    url: `http://user:${secret}@localhost:${talkative.port}/${secret}`,
    jsonData: { httpHeaderName1: "X-Key" },
    secrets: { httpHeaderValue1: secret },
  });
  expect(answer).toMatchObject({ status: 502, error: expect.stringContaining("redirected to") });
  expect(JSON.stringify(answer)).not.toContain(secret);
});
