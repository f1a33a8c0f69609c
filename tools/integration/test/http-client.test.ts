import { createPrivateKey } from "node:crypto";
import { createServer } from "node:net";
import { CollectMetricsRequest } from "@framewright/protocol";
import { defineDataSource, log } from "@framewright/sdk";
import { createHttpClient } from "@framewright/sdk/http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Certificate, type CertificateAuthority, createAuthority } from "../src/certificates.js";
import { listen, type RunningServer, startDataServer, startForgetfulServer } from "../src/data-server.js";
import { buildHttpProbe, type HttpSide, type HttpSource, startInBinary, startOnNode } from "../src/http-sides.js";
import { type RunningProxy, startHttpProxy, startSocksProxy } from "../src/proxies.js";
import { temporaryFolder } from "../src/temporary-folder.js";

let authority: CertificateAuthority;
let stranger: CertificateAuthority;
let server: Certificate;
let client: Certificate;
let proxyCertificate: Certificate;
let executable: string;

beforeAll(async () => {
  authority = await createAuthority("Test authority");
  stranger = await createAuthority("Stranger");
  server = await authority.issue("server", ["localhost", "data.example"]);
  client = await authority.issue("client of the test");
  proxyCertificate = await authority.issue("proxy", ["proxy.example"]);
  executable = await buildHttpProbe();
});

const sides = [
  { where: "on Node", start: (env?: Record<string, string>): Promise<HttpSide> => startOnNode(env) },
  {
    where: "in the binary",
    start: (env?: Record<string, string>): Promise<HttpSide> => startInBinary(executable, env),
  },
];

const failed = (status: number, message: string | RegExp, errorSource = "downstream") => ({
  status,
  errorSource,
  error: expect.stringMatching(message),
});

/** Settings that trust the test's authority, and those that show a client certificate too. */
const trusting = (jsonData = {}) => ({
  jsonData: { tlsAuthWithCACert: true, ...jsonData },
  secrets: { tlsCACert: authority.cert },
});
const showing = (jsonData = {}) => ({
  jsonData: { tlsAuth: true, tlsAuthWithCACert: true, ...jsonData },
  secrets: { tlsCACert: authority.cert, tlsClientCert: client.cert, tlsClientKey: client.key },
});

const parsed = (answer: unknown): unknown => {
  expect(answer).toMatchObject({ status: 200 });
  return JSON.parse(String(Object(answer).body));
};

describe.each(sides)("the HTTP client $where", ({ start }) => {
  let side: HttpSide;
  beforeEach(async () => {
    side = await start();
  });
  afterEach(() => side[Symbol.asyncDispose]());

  describe("TLS", () => {
    let open: RunningServer;
    let guarded: RunningServer;
    beforeAll(async () => {
      open = await startDataServer(server);
      guarded = await startDataServer({ ...server, ca: authority.cert, requestCert: true });
    });
    afterAll(async () => {
      await open[Symbol.asyncDispose]();
      await guarded[Symbol.asyncDispose]();
    });

    test("trusts the authority of the settings", async () => {
      const answer = await side.ask({ url: `https://localhost:${open.port}`, ...trusting() });
      expect(parsed(answer)).toMatchObject({ serverName: "localhost" });
    });

    test("shows the client certificate of the settings", async () => {
      const answer = await side.ask({ url: `https://localhost:${guarded.port}`, ...showing() });
      expect(parsed(answer)).toMatchObject({ clientName: "client of the test" });
    });

    test("asks for the server name of the settings, whatever the address is", async () => {
      const source = { url: `https://127.0.0.1:${open.port}`, ...trusting({ serverName: "data.example" }) };
      expect(parsed(await side.ask(source))).toMatchObject({ serverName: "data.example" });
    });

    test("takes the certificate for the URL's host, not for a Host header", async () => {
      const source = { url: `https://localhost:${open.port}`, ...trusting() };
      const answer = await side.ask(source, { headers: { host: "tenant.example" } });
      expect(parsed(answer)).toMatchObject({ serverName: "localhost", headers: { host: "tenant.example" } });
    });

    test("skips the check where the settings say so", async () => {
      const source = { url: `https://127.0.0.1:${open.port}`, jsonData: { tlsSkipVerify: true } };
      expect(await side.ask(source)).toMatchObject({ status: 200 });
    });

    test("refuses a certificate of an unknown authority, and says what to do", async () => {
      const message = /^the certificate of localhost:\d+ is not signed by an authority.*switch on With CA Cert/;
      expect(await side.ask({ url: `https://localhost:${open.port}` })).toEqual(failed(502, message));
      const secrets = { tlsCACert: stranger.cert };
      const source = { url: `https://localhost:${open.port}`, jsonData: { tlsAuthWithCACert: true }, secrets };
      expect(await side.ask(source)).toEqual(failed(502, message));
    });

    test("refuses a certificate for another name", async () => {
      expect(await side.ask({ url: `https://127.0.0.1:${open.port}`, ...trusting() })).toEqual(
        failed(502, /is for another name: .*127\.0\.0\.1.*set Server Name/),
      );
      const source = { url: `https://localhost:${open.port}`, ...trusting({ serverName: "wrong.example" }) };
      expect(await side.ask(source)).toEqual(failed(502, /is for another name: .*wrong\.example/));
    });

    test("refuses a certificate that has expired", async () => {
      const expired = await authority.issue("server", ["localhost"], true);
      await using old = await startDataServer(expired);
      expect(await side.ask({ url: `https://localhost:${old.port}`, ...trusting() })).toEqual(
        failed(502, "has expired; it has to be renewed"),
      );
    });

    test("says that the server wants a client certificate", async () => {
      expect(await side.ask({ url: `https://localhost:${guarded.port}`, ...trusting() })).toEqual(
        failed(502, "switch on TLS Client Auth"),
      );
      const other = await stranger.issue("somebody else");
      const secrets = { tlsCACert: authority.cert, tlsClientCert: other.cert, tlsClientKey: other.key };
      const { jsonData } = showing();
      expect(await side.ask({ url: `https://localhost:${guarded.port}`, jsonData, secrets })).toEqual(
        failed(502, /closed the connection|check the client certificate/),
      );
    });

    test("says that the port speaks no TLS, or nothing that is HTTP", async () => {
      await using plain = await startDataServer();
      expect(await side.ask({ url: `https://localhost:${plain.port}`, jsonData: { tlsSkipVerify: true } })).toEqual(
        failed(502, "does not speak TLS there; use http://"),
      );
      await using ssh = await listen(createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")));
      expect(await side.ask({ url: `http://localhost:${ssh.port}` })).toEqual(failed(502, "is not HTTP"));
    });

    test("speaks TLS 1.3 only where Grafana's toggle says so", async () => {
      await using old = await startDataServer({ ...server, maxVersion: "TLSv1.2" });
      const source = { url: `https://localhost:${old.port}`, ...trusting() };
      expect(parsed(await side.ask(source))).toMatchObject({ protocol: "TLSv1.2" });
      const grafanaConfig = { GF_INSTANCE_FEATURE_TOGGLES_ENABLE: "pluginsForceTls13" };
      expect(await side.ask({ ...source, grafanaConfig })).toEqual(failed(502, "."));
    });

    test("names the secret that is missing, damaged or does not fit, and repeats none of it", async () => {
      const url = `https://localhost:${open.port}`;
      const secrets = { tlsCACert: authority.cert, tlsClientCert: client.cert, tlsClientKey: client.key };
      const jsonData = { tlsAuth: true, tlsAuthWithCACert: true };
      const damaged = authority.cert.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
      const locked = createPrivateKey(client.key).export({
        format: "pem",
        type: "pkcs8",
        cipher: "aes-256-cbc",
        passphrase: "hush",
      });
      for (const [change, message] of [
        [{ tlsClientKey: "" }, "the secret tlsClientKey is missing"],
        [{ tlsCACert: "nonsense" }, "the secret tlsCACert holds no certificate"],
        [{ tlsCACert: authority.cert + damaged }, "tlsCACert is damaged: certificate 2 of 2"],
        [{ tlsClientCert: "nonsense" }, "the secret tlsClientCert holds no certificate"],
        [{ tlsClientKey: "nonsense" }, "the secret tlsClientKey cannot be read"],
        [{ tlsClientKey: String(locked) }, "tlsClientKey is encrypted with a passphrase"],
        [{ tlsClientKey: server.key }, "tlsClientKey is not the key of the certificate in tlsClientCert"],
      ] as const) {
        const answer = await side.ask({ url, jsonData, secrets: { ...secrets, ...change } });
        expect(answer).toEqual(failed(400, message));
        expect(JSON.stringify(answer)).not.toMatch(/nonsense|MII|AAAA/);
      }
    });

    test("gives up on a handshake that does not come", async () => {
      await using mute = await listen(createServer());
      const jsonData = { dialTimeout: 0.3, httpTLSHandshakeTimeout: 0.3 };
      expect(await side.ask({ url: `https://localhost:${mute.port}`, jsonData })).toEqual(
        failed(504, "could not be connected to in time"),
      );
    });
  });

  describe("connections", () => {
    test("are kept and used again, with TLS too", async () => {
      await using data = await startDataServer(server);
      const source = { url: `https://localhost:${data.port}`, ...trusting() };
      expect(await side.ask(source, { times: 20 })).toMatchObject({ status: 200 });
      expect(data.connections()).toBeLessThanOrEqual(2);
    });

    test("that the server has closed meanwhile cost nobody a request", async () => {
      await using data = await startForgetfulServer();
      const source = { url: `http://localhost:${data.port}` };
      expect(await side.ask(source, { times: 10 })).toMatchObject({ status: 200, body: "served" });
      expect(data.connections()).toBeGreaterThan(5);
    });

    test("that break off in an answer are its failure", async () => {
      await using data = await startDataServer();
      expect(await side.ask({ url: `http://localhost:${data.port}` }, { path: "cut" })).toEqual(
        failed(502, /^localhost:\d+ closed the connection before its answer was complete$/),
      );
    });
  });

  describe("answers", () => {
    let data: RunningServer;
    let url: string;
    beforeAll(async () => {
      data = await startDataServer();
      url = `http://localhost:${data.port}`;
    });
    afterAll(() => data[Symbol.asyncDispose]());

    test("are decompressed, and held to the limit after that", async () => {
      expect(await side.ask({ url }, { path: "gzip?size=100000" })).toMatchObject({ body: "x".repeat(100_000) });
      expect(await side.ask({ url }, { path: "gzip?size=100001", maxResponseBytes: 100_000 })).toEqual(
        failed(502, "larger than 100000 bytes, the limit set by the plugin for this request"),
      );
      expect(await side.ask({ url }, { path: "damaged" })).toEqual(
        failed(502, "is damaged: it cannot be decompressed"),
      );
    });

    test("are followed elsewhere at the same server, with the body where that belongs", async () => {
      const to = (status: number) => ({
        method: "POST",
        body: "text",
        path: `redirect?status=${status}&to=/echo-body`,
      });
      expect(await side.ask({ url }, to(307))).toMatchObject({ status: 200, body: "text" });
      expect(await side.ask({ url }, to(303))).toMatchObject({ status: 200, body: "" });
      expect(await side.ask({ url }, { path: "redirect?status=302&to=http://other.example/" })).toEqual(
        failed(502, "redirected to http://other.example/, which is not at the data source's URL"),
      );
    });

    test("that stop in the middle are given up", async () => {
      expect(await side.ask({ url }, { path: "trickle", timeoutMs: 200 })).toEqual(
        failed(504, "did not answer completely within 0.2 s"),
      );
    });
  });

  describe("failures", () => {
    test("name the host: refused, not known, too late", async () => {
      const data = await startDataServer();
      const url = `http://localhost:${data.port}`;
      expect(await side.ask({ url, jsonData: { timeout: 0.2 } }, { path: "hang" })).toEqual(
        failed(504, /^localhost:\d+ did not answer completely within 0\.2 s/),
      );
      await data[Symbol.asyncDispose]();
      expect(await side.ask({ url })).toEqual(failed(502, /^localhost:\d+ refuses connections \(ECONNREFUSED\)/));
      expect(await side.ask({ url: "http://data-source.invalid" })).toEqual(failed(502, /host data-source\.invalid/));
    });

    test("say that an answer is too large, by Grafana's configuration or its environment", async () => {
      await using data = await startDataServer();
      const source = { url: `http://localhost:${data.port}`, grafanaConfig: { GF_RESPONSE_LIMIT: "1000" } };
      expect(await side.ask(source, { path: "bytes?size=1000" })).toMatchObject({ status: 200 });
      expect(await side.ask(source, { path: "bytes?size=1001" })).toEqual(
        failed(502, /larger than 1000 bytes, the limit set by Grafana \(\[dataproxy\] response_limit\)/),
      );
      await using limited = await start({ GF_DATAPROXY_RESPONSE_LIMIT: "500" });
      expect(await limited.ask({ url: source.url }, { path: "bytes?size=501" })).toEqual(
        failed(502, /500 bytes, the limit set by Grafana \(GF_DATAPROXY_RESPONSE_LIMIT\)/),
      );
    });

    test("are the plugin's where it asks for what it must not", async () => {
      expect(await side.ask({ url: "http://localhost:1" }, { path: "http://127.0.0.2/" })).toEqual(
        failed(500, "is not at the data source's URL", "plugin"),
      );
    });
  });

  describe("the secure SOCKS proxy", () => {
    let data: RunningServer;
    let guarded: RunningServer;
    let proxy: RunningProxy;
    beforeEach(async () => {
      data = await startDataServer();
      guarded = await startDataServer({ ...server, ca: authority.cert, requestCert: true });
      proxy = await startSocksProxy({
        tls: { certificate: proxyCertificate, clientAuthority: authority.cert },
        user: "ds-uid",
        password: "socks-pass",
        refused: ["forbidden.example"],
      });
    });
    afterEach(async () => {
      await proxy[Symbol.asyncDispose]();
      await data[Symbol.asyncDispose]();
      await guarded[Symbol.asyncDispose]();
    });

    const grafanaConfig = (change: Record<string, string> = {}) => ({
      GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED: "true",
      GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: `localhost:${proxy.port}`,
      GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_NAME: "proxy.example",
      GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT_VALS: authority.cert,
      GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL: client.cert,
      GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL: client.key,
      ...change,
    });
    const through = (url: string, change?: Record<string, string>): HttpSource => ({
      url,
      jsonData: { ...showing().jsonData, enableSecureSocksProxy: true },
      secrets: { ...showing().secrets, secureSocksProxyPassword: "socks-pass" },
      grafanaConfig: grafanaConfig(change),
    });

    test("carries http, and looks up the name itself", async () => {
      const url = `http://data.example:${data.port}`;
      expect(parsed(await side.ask(through(url), { path: "a" }))).toMatchObject({ url: "/a" });
      expect(proxy.asked).toEqual([`data.example:${data.port}`]);
    });

    test("carries https with a client certificate in it, and keeps its connections", async () => {
      const url = `https://data.example:${guarded.port}`;
      const answer = await side.ask(through(url), { times: 10 });
      expect(parsed(answer)).toMatchObject({ clientName: "client of the test", serverName: "data.example" });
      expect(proxy.connections()).toBeLessThanOrEqual(2);
    });

    test("carries a large answer whole", async () => {
      const answer = await side.ask(through(`https://data.example:${guarded.port}`), { path: "bytes?size=5000000" });
      expect(answer).toMatchObject({ status: 200, body: "x".repeat(5_000_000) });
    });

    test("is asked with the certificates of files too, and without TLS where Grafana allows it", async () => {
      await using folder = await temporaryFolder();
      const files = {
        GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT_VALS: "",
        GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL: "",
        GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL: "",
        GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT: await folder.write("ca.pem", authority.cert),
        GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT: await folder.write("cert.pem", client.cert),
        GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY: await folder.write("key.pem", client.key),
      };
      const url = `http://data.example:${data.port}`;
      expect(await side.ask(through(url, files))).toMatchObject({ status: 200 });
      await using plain = await startSocksProxy({ user: "ds-uid", password: "socks-pass" });
      const insecure = {
        GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: `127.0.0.1:${plain.port}`,
        GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE: "true",
      };
      expect(await side.ask(through(url, insecure))).toMatchObject({ status: 200 });
      expect(plain.asked).toHaveLength(1);
    });

    test("is not asked where the data source does not want it", async () => {
      const { jsonData, ...rest } = through(`http://localhost:${data.port}`);
      expect(await side.ask({ ...rest, jsonData: { ...jsonData, enableSecureSocksProxy: false } })).toMatchObject({
        status: 200,
      });
      expect(proxy.asked).toEqual([]);
    });

    test("says why it did not connect, and repeats no password", async () => {
      const url = `http://data.example:${data.port}`;
      const secrets = { ...showing().secrets, secureSocksProxyPassword: "wrong-pass" };
      const failures = [
        [await side.ask({ ...through(url), secrets }), "refused the data source's user and password"],
        [await side.ask(through("http://forbidden.example")), "does not allow connections to forbidden.example:80"],
        [await side.ask(through("http://data.example:1")), "was refused the connection by data.example:1"],
        [
          await side.ask(through(url, { GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_NAME: "other.example" })),
          "cannot be connected to: .*other.example",
        ],
        [
          await side.ask(through(url, { GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT_VALS: stranger.cert })),
          "cannot be connected to: .*verify|self.signed|certificate",
        ],
        [
          await side.ask(through(url, { GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: "127.0.0.1:1" })),
          /^the secure SOCKS proxy 127\.0\.0\.1:1 cannot be connected to: .*ECONNREFUSED/,
        ],
      ] as const;
      for (const [answer, message] of failures) {
        expect(answer).toEqual(failed(502, message));
        expect(JSON.stringify(answer)).toMatch(/the secure SOCKS proxy/);
        expect(JSON.stringify(answer)).not.toMatch(/-pass|MII/);
      }
    });

    test("that says nothing is given up", async () => {
      await using mute = await listen(createServer());
      const change = { GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: `localhost:${mute.port}` };
      const { jsonData, ...rest } = through("http://data.example", change);
      const started = performance.now();
      const answer = await side.ask({ ...rest, jsonData: { ...jsonData, timeout: 0.5 } });
      expect(answer).toEqual(failed(504, /in time|within 0\.5 s/));
      expect(performance.now() - started).toBeLessThan(3_000);
    });
  });

  describe("the proxies of the environment", () => {
    let data: RunningServer;
    let secure: RunningServer;
    let proxy: RunningProxy;
    beforeEach(async () => {
      data = await startDataServer();
      secure = await startDataServer({ ...server, ca: authority.cert, requestCert: true });
      proxy = await startHttpProxy();
    });
    afterEach(async () => {
      await proxy[Symbol.asyncDispose]();
      await data[Symbol.asyncDispose]();
      await secure[Symbol.asyncDispose]();
    });

    test("carry http as it is, and https in a tunnel", async () => {
      const url = `http://127.0.0.1:${proxy.port}`;
      await using proxied = await start({ HTTP_PROXY: url, HTTPS_PROXY: url });
      const one = await proxied.ask({ url: `http://data.example:${data.port}` }, { path: "a?b=1" });
      expect(parsed(one)).toMatchObject({ url: "/a?b=1", headers: { host: `data.example:${data.port}` } });
      const other = await proxied.ask({ url: `https://data.example:${secure.port}`, ...showing() });
      expect(parsed(other)).toMatchObject({ clientName: "client of the test", serverName: "data.example" });
      expect(proxy.asked).toEqual([`GET data.example:${data.port}`, `CONNECT data.example:${secure.port}`]);
    });

    test("get the user and password of their URL, and say when those are not enough", async () => {
      await using guarded = await startHttpProxy(`Basic ${Buffer.from("me:proxy-pass").toString("base64")}`);
      const sources = [
        { url: `http://data.example:${data.port}` },
        { url: `https://data.example:${secure.port}`, ...showing() },
      ];
      for (const [password, expected] of [
        ["proxy-pass", expect.objectContaining({ status: 200 })],
        [
          "wrong-pass",
          failed(502, /^the proxy that HTTP_PROXY or HTTPS_PROXY names did not connect to data\.example.*407/),
        ],
      ] as const) {
        const url = `http://me:${password}@127.0.0.1:${guarded.port}`;
        await using proxied = await start({ HTTP_PROXY: url, HTTPS_PROXY: url });
        for (const source of sources) {
          const answer = await proxied.ask(source);
          expect(answer).toEqual(expected);
          expect(JSON.stringify(answer)).not.toContain("-pass");
        }
      }
      expect(guarded.asked).toHaveLength(2);
    });

    test("are for their protocol only, and not for this machine or what NO_PROXY names", async () => {
      await using proxied = await start({ http_proxy: `http://127.0.0.1:${proxy.port}`, no_proxy: "data.invalid" });
      expect(await proxied.ask({ url: `http://localhost:${data.port}` })).toMatchObject({ status: 200 });
      expect(await proxied.ask({ url: `https://localhost:${secure.port}`, ...showing() })).toMatchObject({
        status: 200,
      });
      expect(await proxied.ask({ url: "http://data.invalid" })).toEqual(failed(502, "host data.invalid"));
      expect(await proxied.ask({ url: "https://data.example.invalid" })).toEqual(
        failed(502, "host data.example.invalid"),
      );
      expect(proxy.asked).toEqual([]);
    });
  });
});

test("connections through the secure SOCKS proxy are measured as the Go SDK does it", async () => {
  await using data = await startDataServer();
  await using proxy = await startSocksProxy({ user: "u", password: "p", refused: ["forbidden.example"] });
  await using client = await createHttpClient(
    {
      uid: "u",
      name: "Weather",
      url: "http://data.example",
      jsonData: { enableSecureSocksProxy: true },
      secureJsonData: { secureSocksProxyPassword: "p" },
      grafanaConfig: new Map([
        ["GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED", "true"],
        ["GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS", `127.0.0.1:${proxy.port}`],
        ["GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE", "true"],
      ]),
    },
    {
      allowOtherOrigins: true,
      plugin: { id: "acme-datasource", version: "1.0.0" },
    },
  );
  await client.text(`http://data.example:${data.port}/`);
  await expect(client.text("http://forbidden.example/")).rejects.toMatchObject({ status: 502 });
  const { handlers } = defineDataSource({ pluginId: "acme-datasource" });
  const call = { signal: new AbortController().signal, deadline: undefined, log };
  const answer = await handlers.collectMetrics?.(CollectMetricsRequest.fromPartial({}), call);
  const lines = new TextDecoder().decode(answer?.metrics?.prometheus).split("\n");
  for (const line of [
    'grafana_secure_socks_requests_duration_count{code="0",datasource="Weather",datasource_type="acmedatasource"} 1',
    'grafana_secure_socks_requests_duration_count{code="2",datasource="Weather",datasource_type="acmedatasource"} 1',
    'plugins_datasource_request_total{datasource_type="acmedatasource",secure_socks_ds_proxy_enabled="true",endpoint="",code="200",method="get"} 1',
  ]) {
    expect(lines).toContain(line);
  }
});
