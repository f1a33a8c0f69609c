import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { callUnary, toQueryDataRequest } from "@framewright/host";
import { DataService } from "@framewright/protocol";
import { createCertificate } from "@framewright/protocol/certificate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../src/collect.js";
import { buildSdkProbe, type SdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";

let probe: SdkProbe;

beforeAll(async () => {
  probe = await startSdkProbe(await buildSdkProbe());
});

afterAll(() => probe.plugin.stop());

describe("what a handler throws", () => {
  test.each([
    { what: "string", error: "just text", status: 500, errorSource: "plugin" },
    {
      what: "null",
      error: "unexpected error - please inspect Grafana server log for details",
      status: 500,
      errorSource: "plugin",
    },
    {
      what: "odd",
      error: "unexpected error - please inspect Grafana server log for details",
      status: 500,
      errorSource: "plugin",
    },
    { what: "hidden", error: "please inspect Grafana server log for details", status: 500, errorSource: "plugin" },
    { what: "wrapped", error: "page 3: rate limit", status: 429, errorSource: "downstream" },
  ])("is answered: $what", async ({ what, ...answer }) => {
    expect(await probe.ask({ act: "throw", what })).toMatchObject({ ...answer, frames: [] });
  });

  test("is in the log, also where the user does not read it", async () => {
    await probe.ask({ act: "throw", what: "hidden" });
    await probe.ask({ act: "throw", what: "null" });
    const errors = () => probe.logged("query failed").map(({ fields }) => String(fields["error"]));
    await expect.poll(() => errors().some((text) => text.includes("the pool at 10.1.2.3 is exhausted"))).toBe(true);
    await expect.poll(errors).toContain("null was thrown");
  });

  test("costs no other query its answer, and the log no line, whatever its texts are", async () => {
    const since = probe.logs.length;
    const queries = [
      { refId: "A", json: { act: "throw", what: "odd" } },
      { refId: "B", json: { act: "label" } },
    ];
    // With a secret known, the log looks into the error's texts and causes.
    const context = sdkProbeContext({ uid: "odd", secureJsonData: { token: "hunter2hunter2" } });
    const answers = await probe.plugin.queryData({ context, queries });
    expect(answers.get("A")).toMatchObject({ status: 500 });
    expect(answers.get("B")).toMatchObject({ status: 200, frames: [{ length: 1 }] });
    await expect.poll(() => probe.logs.slice(since).map(({ message }) => message)).toContain("query failed");
  });

  test("is told in the words that Grafana is configured with", async () => {
    const grafanaConfig = { GF_USER_FACING_DEFAULT_ERROR: "please ask the platform team" };
    const context = sdkProbeContext({}, { grafanaConfig });
    expect(await probe.ask({ act: "throw", what: "hidden" }, { context })).toMatchObject({
      error: "please ask the platform team",
    });
    expect(await probe.ask({ act: "throw", what: "null" }, { context })).toMatchObject({
      error: "unexpected error - please ask the platform team",
    });
  });
});

describe("a data source that cannot be reached is downstream", () => {
  const servers: Server[] = [];

  async function listening(server: Server, protocol: string): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return `${protocol}://127.0.0.1:${port}/`;
  }

  afterAll(() => {
    for (const server of servers) {
      server.close();
    }
  });

  const ask = (how: string, url: string) => probe.ask({ act: "network", how, url });
  const unreachable = { status: 502, errorSource: "downstream" };

  test.each(["fetch", "socket"])("when the connection is refused: %s", async (how) => {
    const server = createServer();
    const url = await listening(server, "http");
    await new Promise((resolve) => server.close(resolve));
    expect(await ask(how, url)).toMatchObject(unreachable);
  });

  test.each(["fetch", "socket"])("when nobody has heard of the host: %s", async (how) => {
    expect(await ask(how, "http://no-such-host.invalid:80/")).toMatchObject(unreachable);
  });

  test.each(["fetch", "socket"])("when the connection breaks off: %s", async (how) => {
    const url = await listening(
      createServer((socket) => socket.on("data", () => socket.resetAndDestroy()).on("error", () => {})),
      "http",
    );
    expect(await ask(how, url)).toMatchObject(unreachable);
  });

  test("when the server hangs up without an answer", async () => {
    const url = await listening(
      createServer((socket) => socket.on("data", () => socket.end()).on("error", () => {})),
      "http",
    );
    expect(await ask("fetch", url)).toMatchObject(unreachable);
  });

  test("when nobody vouches for the server's certificate", async () => {
    const { cert, key } = await createCertificate();
    const url = await listening(
      createHttpsServer({ cert, key }, (_request, response) => response.end("x")),
      "https",
    );
    const answer = await ask("fetch", url);
    expect(answer).toMatchObject(unreachable);
    expect(answer.error).toMatch(/certificate/i);
  });

  test("when it speaks no TLS", async () => {
    const url = await listening(
      createHttpServer((_request, response) => response.end("x")),
      "https",
    );
    expect(await ask("fetch", url)).toMatchObject(unreachable);
  });

  test("when it takes too long", async () => {
    const url = await listening(
      createServer((socket) => socket.on("error", () => {})),
      "http",
    );
    expect(await ask("timeout", url)).toMatchObject({ status: 504, errorSource: "downstream" });
    expect(await ask("abort", url)).toMatchObject({ status: 499, errorSource: "downstream" });
  });
});

describe("a secret is in no answer and in no line of the log", () => {
  const token = 'sëcret "tøken" 1';
  const context = sdkProbeContext({ uid: "secretive", secureJsonData: { token } });
  const forms = [token, JSON.stringify(token).slice(1, -1), encodeURIComponent(token), "tøken"];

  function expectNoSecret(text: string): void {
    for (const form of forms) {
      expect(text).not.toContain(form);
    }
  }

  async function expectNoSecretInLog(since: number): Promise<void> {
    // Until its own line is there, whatever was written before it has come too.
    await probe.ask({ act: "throw", what: "string" });
    await expect.poll(() => probe.logs.slice(since).length).toBeGreaterThan(0);
    expectNoSecret(JSON.stringify(probe.logs.slice(since)));
  }

  test.each(["throw", "log", "console", "timer"])("when a handler gives it away: %s", async (how) => {
    const since = probe.logs.length;
    const answer = await probe.ask({ act: "leak", how }, { context });
    expectNoSecret(answer.error ?? "");
    await expect.poll(() => JSON.stringify(probe.logs.slice(since))).toContain("[redacted]");
    await expectNoSecretInLog(since);
  });

  test("when it is in what the user reads", async () => {
    expect(await probe.ask({ act: "leak", how: "throw" }, { context })).toMatchObject({
      error: "https://api/?key=[redacted]",
      status: 502,
    });
    expect(await probe.ask({ act: "leak", how: "timer" }, { context })).toMatchObject({ error: "401 for [redacted]" });
  });

  test("when open fails with it", async () => {
    const since = probe.logs.length;
    const failing = sdkProbeContext({ uid: "failing", jsonData: { open: "fails" }, secureJsonData: { token } });
    expect(await probe.ask({ act: "label" }, { context: failing })).toMatchObject({ error: "refused for [redacted]" });
    expect(await probe.plugin.checkHealth(failing)).toMatchObject({
      status: "error",
      message: "refused for [redacted]",
    });
    await expectNoSecretInLog(since);
  });

  test("when a resource fails with it", async () => {
    const since = probe.logs.length;
    const response = await probe.plugin.callResource({ context, url: "routes/leak/token" });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: "cannot use [redacted]" });
    await expectNoSecretInLog(since);
  });

  test("when a channel ends with it", async () => {
    const since = probe.logs.length;
    const messages = probe.plugin.runStream({ context, path: "breaks" });
    const ended = await collect(messages).catch((error: unknown) => error);
    expect(String(ended)).toMatch(/channel "breaks" of SDK probe: the broker closed \[redacted\]/);
    await expectNoSecretInLog(since);
  });
});

test("a secret that was never entered is named", async () => {
  const context = sdkProbeContext({ uid: "forgetful", secureJsonData: { other: "1234" } });
  expect(await probe.ask({ act: "requireSecret", name: "token" }, { context })).toMatchObject({
    status: 400,
    errorSource: "downstream",
    error: "secrets.token: is missing; enter it in the settings",
  });
  expect(await probe.ask({ act: "requireSecret", name: "other" }, { context })).toMatchObject({ status: 200 });
});

test("settings that are no JSON are refused in words, without repeating them", async () => {
  const queries = [{ refId: "A", json: { act: "label" } }];
  const request = toQueryDataRequest({ context: sdkProbeContext({ uid: "broken" }), queries });
  const source = request.pluginContext?.dataSourceInstanceSettings;
  if (source !== undefined) {
    source.jsonData = new TextEncoder().encode('{"password": hunter2}');
  }
  const { responses } = await callUnary(probe.plugin.client, DataService.queryData, request);
  expect(responses.get("A")).toMatchObject({
    status: 400,
    errorSource: "downstream",
    error: "settings: is not valid JSON",
  });
  expect(JSON.stringify(probe.logs)).not.toContain("hunter2");
});
