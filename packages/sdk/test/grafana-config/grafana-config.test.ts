import { describe, expect, it } from "vitest";
import { readGrafanaConfig } from "../../src/grafana-config/index.js";

const read = (values: Record<string, string>, env: Record<string, string> = {}) =>
  readGrafanaConfig(new Map(Object.entries(values)), env);

const downstream = (message: string) => expect.objectContaining({ message, source: "downstream", status: 500 });

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("readGrafanaConfig", () => {
  it("reads nothing before it is asked, so that a wrong value nobody needs harms nobody", () => {
    expect(read({ GF_SQL_ROW_LIMIT: "many", GF_CONCURRENT_QUERY_COUNT: "5" }).concurrentQueryCount()).toBe(5);
  });

  it("has documented defaults for what Grafana did not send", () => {
    const config = read({});
    expect(config.concurrentQueryCount()).toBe(10);
    expect(config.sql()).toEqual({
      rowLimit: 1_000_000,
      maxOpenConns: 100,
      maxIdleConns: 100,
      maxConnLifetimeSeconds: 14_400,
    });
    expect(config.responseLimit()).toBeUndefined();
    expect(config.userFacingDefaultError()).toBeUndefined();
    expect(config.liveClientQueueMaxSize()).toBeUndefined();
    expect(config.secureSocksProxy()).toBeUndefined();
    expect([...config.enabledFeatures()]).toEqual([]);
  });

  it("reads what Grafana sent", () => {
    const config = read({
      GF_APP_URL: "https://grafana.example/sub/",
      GF_SQL_ROW_LIMIT: "5",
      GF_SQL_MAX_OPEN_CONNS_DEFAULT: "6",
      GF_SQL_MAX_IDLE_CONNS_DEFAULT: "7",
      GF_SQL_MAX_CONN_LIFETIME_SECONDS_DEFAULT: "0",
      GF_RESPONSE_LIMIT: "1024",
      GF_USER_FACING_DEFAULT_ERROR: "something went wrong",
      GF_LIVE_CLIENT_QUEUE_MAX_SIZE: "4194304",
      GF_INSTANCE_FEATURE_TOGGLES_ENABLE: "one,two",
      GF_PLUGIN_APP_CLIENT_SECRET: "s",
      OTHER: "x",
    });
    expect(config.appUrl().href).toBe("https://grafana.example/sub/");
    expect(config.sql()).toEqual({ rowLimit: 5, maxOpenConns: 6, maxIdleConns: 7, maxConnLifetimeSeconds: 0 });
    expect(config.responseLimit()).toBe(1024);
    expect(config.userFacingDefaultError()).toBe("something went wrong");
    expect(config.liveClientQueueMaxSize()).toBe(4_194_304);
    expect(config.appClientSecret()).toBe("s");
    expect(config.get("OTHER")).toBe("x");
    expect(["one", "two", "ONE", "one,two", ""].map((name) => config.isFeatureEnabled(name))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("looks into the environment for what older Grafanas leave there", () => {
    const config = read({}, { GF_APP_URL: "http://localhost:3000/", GF_PLUGIN_APP_CLIENT_SECRET: "env" });
    expect(config.appUrl().href).toBe("http://localhost:3000/");
    expect(config.appClientSecret()).toBe("env");
  });

  it("names what is missing or wrong", () => {
    expect(thrownBy(() => read({}).appUrl())).toEqual(
      downstream("GF_APP_URL of Grafana's configuration is not set; a newer Grafana may be needed"),
    );
    expect(thrownBy(() => read({ GF_APP_URL: "grafana" }).appUrl())).toEqual(
      downstream('GF_APP_URL of Grafana\'s configuration must be a URL, not "grafana"'),
    );
    expect(thrownBy(() => read({ GF_SQL_ROW_LIMIT: "1e6" }).sql())).toEqual(
      downstream(
        'GF_SQL_ROW_LIMIT of Grafana\'s configuration must be a whole number from 0 to 9007199254740991, not "1e6"',
      ),
    );
    expect(() => read({ GF_SQL_MAX_IDLE_CONNS_DEFAULT: "-1" }).sql()).toThrow("GF_SQL_MAX_IDLE_CONNS_DEFAULT");
    expect(() => read({}).appClientSecret()).toThrow("GF_PLUGIN_APP_CLIENT_SECRET");
  });

  it.each(["", "0", "-5", "many", "1.5", "1e999"])("runs 10 queries at a time where the number is %j", (text) => {
    expect(read({ GF_CONCURRENT_QUERY_COUNT: text }).concurrentQueryCount()).toBe(10);
  });

  it.each(["", "0", "-5", "10MB", "1.5"])("takes the response limit %j as none, as the Go SDK does", (text) => {
    expect(read({ GF_RESPONSE_LIMIT: text }).responseLimit()).toBeUndefined();
  });
});

describe("secureSocksProxy", () => {
  const on = {
    GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED: "true",
    GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: "proxy.example:1080",
  };
  const certificates = {
    GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL: "cert",
    GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL: "key",
    GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT_VALS: "ca1,ca2",
  };

  it("reads the certificates that Grafana sends as text", () => {
    expect(
      read({ ...on, ...certificates, GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_NAME: "name" }).secureSocksProxy(),
    ).toEqual({
      host: "proxy.example",
      port: 1080,
      tls: {
        serverName: "name",
        rootCas: [{ pem: "ca1" }, { pem: "ca2" }],
        clientCert: { pem: "cert" },
        clientKey: { pem: "key" },
      },
    });
  });

  it("falls back to files, as Grafana before 11 has them, and to the address for the name", () => {
    const files = {
      GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT: "/c.pem",
      GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY: "/k.pem",
      GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT: "/a.pem /b.pem",
    };
    expect(read({ ...on, ...files }).secureSocksProxy()?.tls).toEqual({
      serverName: "proxy.example",
      rootCas: [{ file: "/a.pem" }, { file: "/b.pem" }],
      clientCert: { file: "/c.pem" },
      clientKey: { file: "/k.pem" },
    });
  });

  it("wants no certificates where TLS is not asked for", () => {
    const address = { GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: "[::1]:1080" };
    const insecure = { ...on, ...address, GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE: "1" };
    expect(read(insecure).secureSocksProxy()).toEqual({ host: "::1", port: 1080, tls: undefined });
  });

  it("names what is missing or wrong, without any key in it", () => {
    expect(() => read({ ...on }).secureSocksProxy()).toThrow("ROOT_CA_CERT_VALS");
    const { GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL: _, ...noCert } = certificates;
    const error = thrownBy(() =>
      read({ ...on, ...noCert, GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL: "hush" }).secureSocksProxy(),
    );
    expect(String(error)).toContain("GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL");
    expect(String(error)).not.toContain("hush");
    for (const address of ["", "proxy", "proxy:99999", "proxy:port", "a:b:1"]) {
      const broken = { ...on, GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: address };
      expect(() => read(broken).secureSocksProxy()).toThrow("must be host:port");
    }
    expect(() => read({ ...on, GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE: "maybe" }).secureSocksProxy()).toThrow(
      'must be true or false, not "maybe"',
    );
  });
});
