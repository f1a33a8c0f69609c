import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keptCookies } from "../../src/http/headers/forward-headers.js";
import {
  createHttpClient,
  type HttpCall,
  type HttpClientConfig,
  type HttpClientOptions,
} from "../../src/http/index.js";
import { startServer, type TestServer } from "./test-server.js";

let server: TestServer;

beforeEach(async () => {
  server = await startServer((_, response) => response.end());
});

afterEach(() => server[Symbol.asyncDispose]());

async function sent(
  config: Partial<HttpClientConfig>,
  {
    options = {},
    call,
    headers = {},
  }: { options?: HttpClientOptions; call?: HttpCall; headers?: Record<string, string> },
): Promise<Record<string, unknown>> {
  await using client = await createHttpClient(
    { url: server.url, jsonData: {}, secureJsonData: {}, ...config },
    options,
  );
  await (call === undefined ? client : client.for(call)).fetch("/", { headers });
  const { host, connection, "accept-encoding": _, ...rest } = server.seen.at(-1)?.headers ?? {};
  expect([host, connection]).toEqual([new URL(server.url).host, "keep-alive"]);
  return rest;
}

const grafana = {
  pluginId: "acme-datasource",
  pluginVersion: "1.2.3",
  userAgent: "Grafana/12.1.0 (linux; amd64)",
  grafanaConfig: new Map(),
};

describe("credentials", () => {
  const config = { basicAuth: { user: "üser" }, secureJsonData: { basicAuthPassword: "pässword" } };
  const basic = `Basic ${Buffer.from("üser:pässword").toString("base64")}`;

  it("are sent as UTF-8, unless the request has its own", async () => {
    expect(await sent(config, {})).toEqual({ authorization: basic });
    expect(await sent(config, { headers: { authorization: "Bearer x" } })).toEqual({ authorization: "Bearer x" });
  });

  it("come after the author's defaults, and before the user's headers, which win", async () => {
    const options = { headers: { "x-a": "default", "x-b": "default" } };
    const settings = { httpHeaderName1: "X-B", httpHeaderName2: "Authorization", httpHeaderName3: "x-b" };
    const secrets = {
      ...config.secureJsonData,
      httpHeaderValue1: "user",
      httpHeaderValue2: "Token t",
      httpHeaderValue3: "two",
    };
    expect(
      await sent(
        { ...config, jsonData: settings, secureJsonData: secrets },
        { options, headers: { "x-b": "request" } },
      ),
    ).toEqual({
      "x-a": "default",
      "x-b": "user, two",
      authorization: "Token t",
    });
  });
});

describe("the user agent", () => {
  it("is Grafana's with the plugin behind it", async () => {
    expect(await sent({}, { call: { pluginContext: grafana } })).toEqual({
      "user-agent": "Grafana/12.1.0 (linux; amd64) acme-datasource/1.2.3",
    });
  });

  it("says Grafana where no version is known, and what the author's build says", async () => {
    const options = { plugin: { id: "mine", version: "2.0.0" } };
    expect(await sent({}, { options })).toEqual({ "user-agent": "Grafana mine/2.0.0" });
    const call = { pluginContext: { ...grafana, userAgent: "nonsense\n", pluginVersion: "" } };
    expect(await sent({}, { call })).toEqual({ "user-agent": "Grafana acme-datasource/0.0.0" });
  });
});

describe("forwarding", () => {
  const call = {
    headers: new Headers([
      ["Authorization", "Bearer user"],
      ["X-ID-Token", "id"],
      ["Cookie", "session=1; other=2; pre_a=3"],
      ["X-Grafana-Id", "grafana-id"],
      ["X-Dashboard-Uid", "dash"],
    ]),
  };

  it("sends nothing that the settings do not ask for", async () => {
    expect(await sent({}, { call })).toEqual({});
  });

  it("sends the user's tokens and the named cookies", async () => {
    const settings = { oauthPassThru: true, keepCookies: ["session", "pre_[]"] };
    expect(await sent({ jsonData: settings }, { call })).toEqual({
      authorization: "Bearer user",
      "x-id-token": "id",
      cookie: "session=1; pre_a=3",
    });
  });

  it("does not replace what is there: the request's, or basic authentication", async () => {
    const settings = { oauthPassThru: true, keepCookies: ["[]"] };
    expect(await sent({ jsonData: settings }, { call, headers: { cookie: "mine=1", authorization: "Mine" } })).toEqual({
      authorization: "Mine",
      "x-id-token": "id",
      cookie: "mine=1",
    });
    const basic = { jsonData: settings, basicAuth: { user: "u" }, secureJsonData: { basicAuthPassword: "p" } };
    expect(await sent(basic, { call })).toMatchObject({ authorization: "Basic dTpw" });
  });

  it("sends everything that Grafana forwards where the author wants that", async () => {
    expect(await sent({}, { call, options: { forward: "all" } })).toEqual({
      authorization: "Bearer user",
      "x-id-token": "id",
      cookie: "session=1; other=2; pre_a=3",
      "x-grafana-id": "grafana-id",
      "x-dashboard-uid": "dash",
    });
  });

  it("takes a resource request's headers, without those of its connection and body", async () => {
    const headers = new Headers({
      authorization: "Bearer user",
      "content-length": "5",
      "content-type": "text/plain",
      host: "grafana.example",
      "user-agent": "a browser",
      "x-panel-id": "7",
    });
    expect(await sent({}, { call: { headers }, options: { forward: "all" } })).toEqual({
      authorization: "Bearer user",
      "x-panel-id": "7",
    });
    expect(
      await sent({ jsonData: { oauthPassThru: true } }, { call: { headers }, options: { forward: "none" } }),
    ).toEqual({});
  });

  it("marks an alert rule's requests", async () => {
    const alert = { headers: new Headers({ FromAlert: "true" }) };
    expect(await sent({}, { call: alert, options: { forward: "none" } })).toEqual({ fromalert: "true" });
  });
});

describe("keptCookies", () => {
  it.each([
    ["a=1; b=2", ["a"], "a=1"],
    ["a=1; b=2", [], ""],
    ["a=1; b=2;c", ["[]"], "a=1; b=2; c"],
    ["ab=1; b=2", ["a[]"], "ab=1"],
    ["a=x=y; A=1", ["a"], "a=x=y"],
    ["", ["[]"], ""],
  ])("of %j with %j keeps %j", (cookie, names, expected) => {
    expect(keptCookies(cookie, names)).toBe(expected);
  });
});
