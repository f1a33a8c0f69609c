import { join } from "node:path";
import { type SqlServer, startPostgres } from "@framewright/services";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Certificate, type CertificateAuthority, createAuthority } from "../src/certificates.js";
import { startSocksProxy } from "../src/proxies.js";
import { connectAdmin, PIECE_ROWS, type RunningSql, refusal, rowsOf, startSql } from "../src/sql-plugin.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { until } from "../src/until.js";

const authority = await createAuthority("Test authority");
const serverCertificate = await authority.issue("server", ["localhost", "db.example"]);

const server = await startPostgres({
  tls: { ...serverCertificate, clientCa: authority.cert },
  access: [
    "local all all scram-sha-256",
    "hostssl all certified all cert",
    "hostnossl all secured all reject",
    "host all all all scram-sha-256",
  ],
});

describe.skipIf(typeof server === "string")("PostgreSQL: connections", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: pg.Client & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server);
    admin = await connectAdmin(server);
    await admin.query(
      "CREATE ROLE certified LOGIN; CREATE ROLE secured LOGIN PASSWORD 'top secret'; CREATE ROLE locked NOLOGIN",
    );
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** How many statements with this text run for others. */
  async function running(text: string): Promise<number> {
    const { rows } = await admin.query(
      "SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1",
      [`%${text}%`],
    );
    return rows[0].count;
  }

  describe("what is stopped", () => {
    test("a query whose caller has gone is stopped in the database, and the connection goes on", async () => {
      const controller = new AbortController();
      const answer = sql.ask({ rawSql: "SELECT pg_sleep(600) AS gone", signal: controller.signal });
      await until(async () => (await running("pg_sleep(600) AS gone")) === 1);
      controller.abort();
      await expect(answer).rejects.toThrow();
      await until(async () => (await running("pg_sleep(600) AS gone")) === 0);
      expect(rowsOf(await sql.frame("SELECT 1"))).toEqual([[1]]);
    });

    test("one that waits for a lock while it is prepared", async () => {
      await admin.query("CREATE TABLE locked_table (a int)");
      // Not the admin's: within a transaction, PostgreSQL shows what ran when it was first asked.
      await using locker = await connectAdmin(server);
      await locker.query("BEGIN; LOCK TABLE locked_table IN ACCESS EXCLUSIVE MODE");
      const settings = { queryTimeout: 0.5 };
      expect(await sql.ask({ rawSql: "SELECT * FROM locked_table", settings })).toMatchObject(
        refusal(504, "the query took longer than 0.5 s and was stopped"),
      );
      await until(async () => (await running("locked_table")) === 0);
    });

    test("one that takes longer than the settings allow", async () => {
      const settings = { queryTimeout: 0.3 };
      expect(await sql.ask({ rawSql: "SELECT pg_sleep(600) AS late", settings })).toMatchObject(
        refusal(504, "the query took longer than 0.3 s and was stopped"),
      );
      await until(async () => (await running("AS late")) === 0);
      expect(rowsOf(await sql.frame({ rawSql: "SELECT 1", settings }))).toEqual([[1]]);
    });

    test("one that has more rows than the limit", async () => {
      const frame = await sql.frame({
        rawSql: "SELECT generate_series(1, 10000000000)",
        settings: { rowLimit: 10 },
      });
      expect(frame.length).toBe(10);
      await until(async () => (await running("generate_series(1, 10000000000)")) === 0);
    });

    test("one that is read piece by piece, when the reader leaves; the rest waits at the server until then", async () => {
      const query = { refId: "A", json: { rawSql: "SELECT generate_series(1, 100000000)", format: "table" } };
      const context = sql.context({}, {}, { GF_SQL_ROW_LIMIT: "100000000" });
      for await (const { frame } of sql.plugin.queryChunkedData({ context, queries: [query] })) {
        expect(frame?.length).toBe(PIECE_ROWS);
        expect(await running("generate_series(1, 100000000)")).toBe(1);
        break;
      }
      await until(async () => (await running("generate_series(1, 100000000)")) === 0);
    });

    test("50 at once, a third of them abandoned: each answer belongs to its query", async () => {
      const settings = { maxOpenConns: 5 };
      const results = await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const controller = new AbortController();
          const abandoned = n % 3 === 0;
          const rawSql = `SELECT ${n}, pg_sleep(${abandoned ? 600 : 0.01}) AS many`;
          const answer = sql.ask({ rawSql, settings, signal: controller.signal });
          if (abandoned) {
            setTimeout(() => controller.abort(), 50 + n * 5);
            return answer.then(
              () => "answered",
              () => "abandoned",
            );
          }
          return (await answer).frames.map((frame) => rowsOf(frame)[0]?.[0])[0];
        }),
      );
      expect(results).toEqual(Array.from({ length: 50 }, (_, n) => (n % 3 === 0 ? "abandoned" : n)));
      await until(async () => (await running("AS many")) === 0);
    });
  });

  describe("the pool", () => {
    test("opens no more than it may, and the others wait", async () => {
      const settings = { maxOpenConns: 3, searchPath: "pool_a" };
      const asked = Array.from({ length: 12 }, () =>
        sql.frame({ rawSql: "SELECT pg_backend_pid(), pg_sleep(0.02)", settings }),
      );
      const pids = new Set((await Promise.all(asked)).map((frame) => rowsOf(frame)[0]?.[0]));
      expect(pids.size).toBe(3);
    });

    test("all in use for as long as a query may take", async () => {
      const settings = { maxOpenConns: 1, queryTimeout: 0.5 };
      const asked = Array.from({ length: 4 }, () => sql.ask({ rawSql: "SELECT pg_sleep(600) AS held", settings }));
      const answers = await Promise.all(asked);
      expect(answers).toContainEqual(expect.objectContaining(refusal(504, "the query took longer than 0.5 s")));
      expect(answers).toContainEqual(
        expect.objectContaining(refusal(503, "the one connection of the data source stayed in use")),
      );
      expect(rowsOf(await sql.frame({ rawSql: "SELECT 1", settings }))).toEqual([[1]]);
    });

    test("keeps what nobody uses, and no more", async () => {
      const settings = { maxOpenConns: 4, maxIdleConns: 1, searchPath: "pool_b" };
      const pids = (
        await Promise.all(
          Array.from({ length: 4 }, () => sql.frame({ rawSql: "SELECT pg_backend_pid(), pg_sleep(0.2)", settings })),
        )
      ).map((frame) => rowsOf(frame)[0]?.[0]);
      expect(new Set(pids).size).toBe(4);
      const left = async (): Promise<number> =>
        (await admin.query("SELECT 1 FROM pg_stat_activity WHERE pid = ANY($1)", [pids])).rowCount ?? 0;
      await until(async () => (await left()) === 1);
    });

    test("replaces connections that are old", async () => {
      const settings = { connMaxLifetime: 1, searchPath: "pool_c" };
      const pid = async (): Promise<unknown> =>
        rowsOf(await sql.frame({ rawSql: "SELECT pg_backend_pid()", settings }))[0]?.[0];
      const first = await pid();
      await until(
        async () => (await admin.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [first])).rowCount === 0,
      );
      expect(await pid()).not.toBe(first);
    });
  });

  describe("a connection that is lost", () => {
    test("while nobody uses it costs nothing", async () => {
      const [[first] = []] = rowsOf(await sql.frame("SELECT pg_backend_pid()"));
      await admin.query("SELECT pg_terminate_backend($1)", [first]);
      expect((await sql.ask("SELECT 1")).error).toBeUndefined();
    });

    test("while it is used costs that query", async () => {
      const lost = sql.ask("SELECT pg_sleep(600) AS killed");
      await until(async () => (await running("AS killed")) === 1);
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%AS killed' AND state = 'active' AND pid <> pg_backend_pid()",
      );
      expect(await lost).toMatchObject(refusal(502, "terminating connection due to administrator command"));
      expect(rowsOf(await sql.frame("SELECT 1"))).toEqual([[1]]);
    });

    test("with the whole server costs the queries that ran", async () => {
      await Promise.all(Array.from({ length: 4 }, () => sql.frame("SELECT pg_sleep(0.05)")));
      const lost = sql.ask("SELECT pg_sleep(600) AS restarted");
      await until(async () => (await running("AS restarted")) === 1);
      await server.restart?.();
      expect(await lost).toMatchObject({ status: 502, errorSource: "downstream" });
      for (let n = 0; n < 6; n++) {
        expect(rowsOf(await sql.frame("SELECT 1"))).toEqual([[1]]);
      }
      await admin.end().catch(() => {});
      admin = await connectAdmin(server);
    });
  });

  describe("health", () => {
    const health = (settings: Record<string, unknown> = {}, instead = {}) =>
      sql.plugin.checkHealth(sql.context(settings, instead), { timeoutMs: 20_000 });

    test("says what was met", async () => {
      expect(await health()).toMatchObject({
        status: "ok",
        message: expect.stringMatching(/^Connected to PostgreSQL \d+[.\d]*.*: user postgres, database postgres\.$/),
      });
    });

    test.each([
      [
        "a wrong password",
        {},
        { secureJsonData: { password: "guess-me" } },
        /^password authentication failed for user "postgres" \(SQLSTATE 28P01\); check user and password/,
      ],
      ["no password", {}, { secureJsonData: {} }, /^the server asks for a password, and there is none; enter it/],
      [
        "a database that is not there",
        { database: "nothing" },
        {},
        /database "nothing" does not exist \(SQLSTATE 3D000\); check the database/,
      ],
      [
        "a user who may not log in",
        {},
        { user: "locked", secureJsonData: { password: "x" } },
        /check user and password|not permitted to log in/,
      ],
      ["a user who has to use TLS", {}, { user: "secured", secureJsonData: { password: "top secret" } }, /pg_hba.conf/],
      ["a port where nobody is", {}, { url: "127.0.0.1:1" }, /^127\.0\.0\.1:1 refuses connections \(ECONNREFUSED\)/],
      ["a host that is not there", {}, { url: "nothing.invalid" }, /nothing\.invalid:5432 .*name server/],
      ["a socket that is not there", {}, { url: "/nothing" }, /there is no socket \/nothing\/\.s\.PGSQL\.5432/],
      ["no URL", {}, { url: "" }, /^url: is missing; it must be host:port/],
      ["something that is no URL", {}, { url: "http://a/b c" }, /^url: /],
    ])("%s", async (_, settings, instead, message) => {
      const result = await health(settings, instead);
      expect(result).toMatchObject({ status: "error", message: expect.stringMatching(message) });
      expect(JSON.stringify(result)).not.toMatch(/guess-me|top secret/);
    });
  });

  describe("the ways to the server", () => {
    const ask = async (settings: Record<string, unknown>, instead = {}) => {
      const query = {
        refId: "A",
        json: { rawSql: "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", format: "table" },
      };
      const answer = (await sql.plugin.queryData({ context: sql.context(settings, instead), queries: [query] })).get(
        "A",
      );
      return answer?.error ?? answer?.frames.map(rowsOf)[0]?.[0]?.[0];
    };
    const content = (settings: Record<string, unknown>) => ({ tlsConfigurationMethod: "file-content", ...settings });
    const password = server.password;
    const url = `localhost:${server.port}`;

    test("a Unix socket", async () => {
      const folder = join(server.socket ?? "", "..");
      expect(await ask({ sslmode: "verify-full" }, { url: `${folder}:${server.port}` })).toBe(false);
    });

    test.each([
      ["disable", {}, {}, false],
      ["require", {}, {}, true],
      ["verify-ca", { tlsCACert: authority.cert }, {}, true],
      ["verify-ca", { tlsCACert: authority.cert }, { url: `127.0.0.1:${server.port}` }, true],
      ["verify-full", { tlsCACert: authority.cert }, {}, true],
      ["verify-full", { tlsCACert: authority.cert }, { url: `127.0.0.1:${server.port}` }, /is for another name/],
      ["verify-full", {}, {}, /not signed by an authority that is trusted here/],
      ["verify-ca", {}, {}, /not signed by an authority that is trusted here/],
      ["verify-ca", { tlsCACert: "-----BEGIN" }, {}, /the secret tlsCACert holds no certificate/],
    ])("TLS: %s with %o, %o", async (sslmode, secrets, instead, expected) => {
      const answer = await ask(content({ sslmode }), { url, secureJsonData: { password, ...secrets }, ...instead });
      expect(answer).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
    });

    test("certificates in files, and one of the client's instead of a password", async () => {
      await using folder = await temporaryFolder();
      const client = await authority.issue("certified");
      const settings = {
        sslmode: "verify-full",
        sslRootCertFile: await folder.write("ca.pem", authority.cert),
        sslCertFile: await folder.write("client.pem", client.cert),
        sslKeyFile: await folder.write("client.key", client.key),
      };
      expect(await ask(settings, { url, user: "certified", secureJsonData: {} })).toBe(true);
      const { sslCertFile: _, sslKeyFile: __, ...without } = settings;
      expect(await ask(without, { url, user: "certified", secureJsonData: {} })).toMatch(/certificate/);
    });

    test("a server without TLS", async () => {
      await using plain = await startPlain();
      const { host, port } = plain;
      expect(await ask({ sslmode: "require" }, { url: `${host}:${port}` })).toMatch(
        /does not speak TLS; choose the TLS mode disable/,
      );
    });

    test("a query over TLS is stopped, too", async () => {
      const query = { refId: "A", json: { rawSql: "SELECT pg_sleep(600) AS secure", format: "table" } };
      const context = sql.context({ sslmode: "require", queryTimeout: 0.3 });
      const answer = (await sql.plugin.queryData({ context, queries: [query] })).get("A");
      expect(answer).toMatchObject(refusal(504, "and was stopped"));
      await until(async () => (await running("AS secure")) === 0);
    });

    test("through the secure SOCKS proxy, TLS within TLS", async () => {
      const proxyCertificate = await authority.issue("proxy", ["proxy.example"]);
      const client = await authority.issue("Grafana");
      await using proxy = await startSocksProxy({
        tls: { certificate: proxyCertificate, clientAuthority: authority.cert },
        user: "behind-proxy",
        password: "proxy secret",
      });
      const context = (sslmode: string) => ({
        ...sql.context(
          content({ sslmode, enableSecureSocksProxy: true, secureSocksProxyUsername: "behind-proxy" }),
          {
            url: `db.example:${server.port}`,
            secureJsonData: { password, secureSocksProxyPassword: "proxy secret", tlsCACert: authority.cert },
          },
          proxyConfig(proxy.port, client, authority),
        ),
      });
      for (const sslmode of ["disable", "verify-full"]) {
        const query = { refId: "A", json: { rawSql: "SELECT 1", format: "table" } };
        const answer = (await sql.plugin.queryData({ context: context(sslmode), queries: [query] })).get("A");
        expect(answer?.error).toBeUndefined();
      }
      expect(proxy.asked).toEqual([`db.example:${server.port}`, `db.example:${server.port}`]);
    });
  });
});

function proxyConfig(port: number, client: Certificate, { cert }: CertificateAuthority): Record<string, string> {
  return {
    GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED: "true",
    GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS: `127.0.0.1:${port}`,
    GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_NAME: "proxy.example",
    GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT_VALS: cert,
    GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL: client.cert,
    GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL: client.key,
  };
}

async function startPlain(): Promise<SqlServer> {
  const plain = await startPostgres({});
  if (typeof plain === "string") {
    throw new Error(plain);
  }
  return plain;
}
