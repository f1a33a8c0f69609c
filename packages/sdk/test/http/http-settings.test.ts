import { describe, expect, it } from "vitest";
import { type HttpClientConfig, readHttpSettings } from "../../src/http/settings/http-settings.js";

const read = (config: Partial<HttpClientConfig> = {}) =>
  readHttpSettings({ url: "https://data.example/api", jsonData: {}, secureJsonData: {}, ...config });

const rejected = (message: string | RegExp) =>
  expect.objectContaining({ source: "downstream", status: 400, message: expect.stringMatching(message) });

function thrownBy(config: Partial<HttpClientConfig>): unknown {
  try {
    read(config);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("readHttpSettings", () => {
  it("has the Go SDK's defaults", () => {
    expect(read()).toEqual({
      url: new URL("https://data.example/api"),
      basicAuth: undefined,
      headers: [],
      tls: { ca: undefined, client: undefined, serverName: undefined, skipVerify: false, minVersion: "TLSv1.2" },
      timeouts: { requestMs: 30_000, dialMs: 10_000, tlsHandshakeMs: 10_000, keepAliveMs: 30_000, idleMs: 90_000 },
      maxConnectionsPerHost: undefined,
      forwardOAuthIdentity: false,
      keepCookies: [],
      secureSocks: undefined,
    });
  });

  it("takes the user and password out of the URL", () => {
    const settings = read({ url: "https://us%40er:p%3Aw@data.example/api#part" });
    expect(settings.url?.href).toBe("https://data.example/api");
    expect(settings.basicAuth).toEqual({ user: "us@er", password: "p:w" });
    expect(read({ url: "https://100%@data.example/" }).basicAuth).toEqual({ user: "100%", password: "" });
  });

  it.each(["data.example", "ftp://hush@data.example/", "https://", "/api", "http:// hush"])(
    "refuses the URL %s without repeating it",
    (url) => {
      const error = thrownBy({ url });
      expect(error).toEqual(rejected("must begin with http:// or https://"));
      expect(String(error)).not.toContain("hush");
    },
  );

  it.each([undefined, "", "  "])("has no URL for %j", (url) => {
    expect(read({ url }).url).toBeUndefined();
  });

  it("reads times in seconds, from numbers and from texts", () => {
    const settings = {
      timeout: 5,
      dialTimeout: "2.5",
      httpKeepAlive: 0,
      httpTLSHandshakeTimeout: null,
      httpIdleConnTimeout: "",
    };
    expect(read({ jsonData: settings }).timeouts).toEqual({
      requestMs: 5_000,
      dialMs: 2_500,
      tlsHandshakeMs: 10_000,
      keepAliveMs: 0,
      idleMs: 90_000,
    });
  });

  it.each([
    [{ timeout: "soon" }, /^settings\.timeout: must be a number of seconds/],
    [{ timeout: -1 }, /^settings\.timeout/],
    [{ timeout: {} }, /^settings\.timeout/],
    [{ httpMaxConnsPerHost: 1.5 }, /^settings\.httpMaxConnsPerHost: must be a whole number/],
    [{ tlsAuth: "yes" }, /^settings\.tlsAuth: must be true or false/],
    [{ tlsAuthWithCACert: true, serverName: 5 }, /tlsCACert is missing/],
    [{ keepCookies: "all" }, /^settings\.keepCookies: must be a list of texts/],
    [{ httpHeaderName1: 5 }, /^settings\.httpHeaderName1: must be a text/],
  ])("names the field of %j", (settings, message) => {
    expect(thrownBy({ jsonData: settings })).toEqual(rejected(message));
  });

  it.each([undefined, null, "text", 5, []])("finds nothing in settings that are %j", (settings) => {
    expect(read({ jsonData: settings })).toEqual(read());
  });

  it("goes by what was saved rather than what a schema left of it, where it is given", () => {
    expect(read({ jsonData: { timeout: 2 } }).timeouts.requestMs).toBe(2_000);
  });

  it("reads basic authentication from where Grafana has it", () => {
    const secrets = { basicAuthPassword: "b", password: "p" };
    expect(read({ basicAuth: { user: "u" }, user: "other", secureJsonData: secrets }).basicAuth).toEqual({
      user: "u",
      password: "b",
    });
    expect(read({ user: "u", secureJsonData: secrets }).basicAuth).toEqual({ user: "u", password: "p" });
    const settings = { basicAuth: true, basicAuthUser: "app" };
    expect(read({ jsonData: settings, secureJsonData: secrets }).basicAuth).toEqual({ user: "app", password: "b" });
    expect(
      read({ user: "", jsonData: { basicAuth: false, basicAuthUser: "app" }, secureJsonData: secrets }).basicAuth,
    ).toBeUndefined();
  });

  it("counts the user's headers up to the first missing number", () => {
    const settings = { httpHeaderName1: "X-A", httpHeaderName2: "X-B", httpHeaderName3: "X-C", httpHeaderName5: "X-E" };
    const secrets = { httpHeaderValue1: "1", httpHeaderValue3: "3", httpHeaderValue5: "5" };
    expect(read({ jsonData: settings, secureJsonData: secrets }).headers).toEqual([
      ["X-A", "1"],
      ["X-C", "3"],
    ]);
  });

  it("refuses headers that HTTP cannot carry, without their value", () => {
    const secrets = { httpHeaderValue1: "hush\r\nX-Other: 1" };
    const error = thrownBy({ jsonData: { httpHeaderName1: "X-A" }, secureJsonData: secrets });
    expect(error).toEqual(rejected(/^the secret httpHeaderValue1 holds a line feed/));
    expect(String(error)).not.toContain("hush");
    expect(thrownBy({ jsonData: { httpHeaderName1: "X A" }, secureJsonData: secrets })).toEqual(
      rejected('httpHeaderName1: is not a header name: "X A"'),
    );
  });

  it("reads TLS as the Go SDK does: either switch makes all of it count", () => {
    const secrets = { tlsCACert: "ca", tlsClientCert: "cert", tlsClientKey: "key" };
    const tls = (jsonData: object) => read({ jsonData: { serverName: "n", ...jsonData }, secureJsonData: secrets }).tls;
    const all = {
      ca: "ca",
      client: { cert: "cert", key: "key" },
      serverName: "n",
      skipVerify: false,
      minVersion: "TLSv1.2",
    };
    expect(tls({ tlsAuth: true })).toEqual(all);
    expect(tls({ tlsAuthWithCACert: true })).toEqual(all);
    const none = { ca: undefined, client: undefined, serverName: undefined, skipVerify: true, minVersion: "TLSv1.2" };
    expect(tls({ tlsSkipVerify: true })).toEqual(none);
  });

  it("misses the secret that a switch needs", () => {
    expect(thrownBy({ jsonData: { tlsAuth: true }, secureJsonData: { tlsClientCert: "c" } })).toEqual(
      rejected("the secret tlsClientKey is missing: TLS Client Auth"),
    );
    expect(thrownBy({ jsonData: { tlsAuthWithCACert: true } })).toEqual(rejected("the secret tlsCACert is missing"));
  });

  it("speaks TLS 1.3 only where Grafana's feature toggle says so", () => {
    const grafanaConfig = new Map([["GF_INSTANCE_FEATURE_TOGGLES_ENABLE", "a,pluginsForceTls13"]]);
    expect(read({ grafanaConfig }).tls.minVersion).toBe("TLSv1.3");
  });
});

describe("the secure SOCKS proxy", () => {
  const grafanaConfig = new Map([
    ["GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED", "true"],
    ["GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS", "proxy.example:1080"],
    ["GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE", "true"],
  ]);
  const on = { enableSecureSocksProxy: true };
  const proxy = { host: "proxy.example", port: 1080, tls: undefined };

  it("wants both the data source and Grafana to have it on", () => {
    expect(read({ jsonData: on }).secureSocks).toBeUndefined();
    expect(read({ grafanaConfig }).secureSocks).toBeUndefined();
    expect(read({ uid: "ds-uid", jsonData: on, grafanaConfig }).secureSocks).toEqual({
      proxy,
      credentials: { user: "ds-uid", password: "" },
      timeoutMs: 30_000,
      keepAliveMs: 30_000,
    });
  });

  it("takes user, password and times from the data source", () => {
    const settings = { ...on, secureSocksProxyUsername: "me", timeout: 5, keepAlive: 6 };
    const secrets = { secureSocksProxyPassword: "p" };
    expect(read({ uid: "ds-uid", jsonData: settings, secureJsonData: secrets, grafanaConfig }).secureSocks).toEqual({
      proxy,
      credentials: { user: "me", password: "p" },
      timeoutMs: 5_000,
      keepAliveMs: 6_000,
    });
  });
});
