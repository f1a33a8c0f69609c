import { setTimeout as delay } from "node:timers/promises";
import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../src/certificates.js";
import { connectMysqlAdmin, PIECE_ROWS, type RunningSql, refusal, rowsOf, startSql } from "../src/sql-plugin.js";
import { until } from "../src/until.js";

const authority = await createAuthority("Test authority");
const server = await startMariadb({
  tls: { ...(await authority.issue("server", ["localhost"])), clientCa: authority.cert },
  statements: ["CREATE USER IF NOT EXISTS certified@'%' REQUIRE X509", "GRANT SELECT ON *.* TO certified@'%'"],
});

describe.skipIf(typeof server === "string")("MariaDB: connections", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: mysql.Connection & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server, "mysql");
    admin = await connectMysqlAdmin(server);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function running(text: string): Promise<number> {
    const statement =
      "SELECT count(*) AS n FROM information_schema.processlist WHERE info LIKE ? AND id <> connection_id()";
    const [rows] = await admin.query<mysql.RowDataPacket[]>(statement, [`%${text}%`]);
    return Number(rows[0]?.["n"]);
  }

  test("texts longer than a packet", async () => {
    await admin.query("SET GLOBAL max_allowed_packet = 67108864");
    const rawSql = "SELECT length(x), x FROM (SELECT repeat('x', 33554440) AS x UNION ALL SELECT 'y') a";
    const settings = { searchPath: "longer packets" };
    const rows = rowsOf(await sql.frame({ rawSql, settings }));
    expect(rows.map(([length, text]) => [Number(length), String(text).length])).toEqual([
      [33_554_440, 33_554_440],
      [1, 1],
    ]);
  });

  describe("what is stopped", () => {
    test("a query whose caller has gone", async () => {
      const controller = new AbortController();
      const answer = sql.ask({ rawSql: "SELECT sleep(600) AS gone", signal: controller.signal });
      await until(async () => (await running("AS gone")) === 1);
      controller.abort();
      await expect(answer).rejects.toThrow();
      await until(async () => (await running("AS gone")) === 0);
      expect(rowsOf(await sql.frame("SELECT 1"))).toEqual([[1]]);
    });

    test("one that takes longer than the settings allow", async () => {
      const settings = { queryTimeout: 0.3 };
      const rawSql = "SELECT sleep(600) AS late";
      expect(await sql.ask({ rawSql, settings })).toMatchObject(refusal(504, "the query took longer than 0.3 s"));
      await until(async () => (await running("AS late")) === 0);
    });

    test("one that has more rows than the limit, and one whose reader leaves", async () => {
      const rawSql = "SELECT a.seq FROM seq_1_to_1000000 a, seq_1_to_1000000 b";
      const frame = await sql.frame({ rawSql, settings: { rowLimit: 10 } });
      expect([frame.length, frame.meta?.notices?.length]).toEqual([10, 1]);
      const query = { refId: "A", json: { rawSql, format: "table" } };
      for await (const piece of sql.plugin.queryChunkedData({ context: sql.context(), queries: [query] })) {
        expect(piece.frame?.length).toBe(PIECE_ROWS);
        break;
      }
      await until(async () => (await running("seq_1_to_1000000 a")) === 0);
    });

    test("50 at once, a third of them abandoned: each answer belongs to its query", async () => {
      const settings = { maxOpenConns: 5 };
      const results = await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const controller = new AbortController();
          const abandoned = n % 3 === 0;
          const rawSql = `SELECT ${n}, sleep(${abandoned ? 600 : 0.01}) AS many`;
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

    test("a connection that is lost while nobody uses it costs nothing", async () => {
      const [[id] = []] = rowsOf(await sql.frame("SELECT connection_id()"));
      await admin.query(`KILL ${id}`);
      const left = async (): Promise<unknown[]> => {
        const statement = "SELECT id FROM information_schema.processlist WHERE id = ?";
        return (await admin.query<mysql.RowDataPacket[]>(statement, [id]))[0];
      };
      await until(async () => (await left()).length === 0);
      expect((await sql.ask("SELECT 1")).error).toBeUndefined();
    });

    test("a connection that was long unused is used again", async () => {
      const id = async (): Promise<unknown> => rowsOf(await sql.frame("SELECT connection_id()"))[0]?.[0];
      const first = await id();
      await delay(1_200);
      expect(await id()).toBe(first);
    });

    test("a restarted server costs the query that ran", async () => {
      const lost = sql.ask("SELECT sleep(600) AS restarted");
      await until(async () => (await running("AS restarted")) === 1);
      await server.restart?.();
      expect(await lost).toMatchObject({ errorSource: "downstream", error: expect.any(String) });
      for (let n = 0; n < 3; n++) {
        expect(rowsOf(await sql.frame("SELECT 1"))).toEqual([[1]]);
      }
      await admin.end().catch(() => {});
      admin = await connectMysqlAdmin(server);
    });
  });

  describe("health and the ways to the server", () => {
    const health = (settings = {}, instead = {}) =>
      sql.plugin.checkHealth(sql.context(settings, instead), { timeoutMs: 20_000 });
    const url = `localhost:${server.port}`;
    const { password } = server;

    test.each([
      ["", {}, {}, /^Connected to MariaDB \d+\.\d+.*: user framewright@%, database framewright\.$/],
      [
        "a wrong password",
        {},
        { secureJsonData: { password: "guess-me" } },
        /^Access denied for user .*; check user and password/,
      ],
      ["a database that is not there", { database: "nothing" }, {}, /Unknown database 'nothing' .*check the database/],
      ["a port where nobody is", {}, { url: "127.0.0.1:1" }, /^127\.0\.0\.1:1 refuses connections/],
      ["a host that is not there", {}, { url: "nothing.invalid" }, /nothing\.invalid:3306 .*name server/],
      ["require", { sslmode: "require" }, { url }, /^Connected/],
      ["tlsSkipVerify", { sslmode: undefined, tlsSkipVerify: true }, { url }, /^Connected/],
      [
        "verify-full",
        { sslmode: "verify-full" },
        { url, secureJsonData: { password, tlsCACert: authority.cert } },
        /^Connected/,
      ],
      [
        "tlsAuthWithCACert",
        { sslmode: undefined, tlsAuthWithCACert: true },
        { url, secureJsonData: { password, tlsCACert: authority.cert } },
        /^Connected/,
      ],
      [
        "verify-full without the authority",
        { sslmode: "verify-full" },
        { url },
        /not signed by an authority that is trusted here/,
      ],
      [
        "verify-full for another name",
        { sslmode: "verify-full" },
        { secureJsonData: { password, tlsCACert: authority.cert } },
        /is for another name/,
      ],
      [
        "verify-ca for another name",
        { sslmode: "verify-ca" },
        { secureJsonData: { password, tlsCACert: authority.cert } },
        /^Connected/,
      ],
    ])("%s", async (_, settings, instead, message) => {
      const result = await health(settings, instead);
      expect(result.message).toMatch(message);
      expect(JSON.stringify(result)).not.toMatch(/guess-me/);
    });

    // A container's is not reached from here.
    test.skipIf(server.socket === undefined)("a Unix socket", async () => {
      expect((await health({}, { url: server.socket ?? "" })).message).toMatch(/^Connected/);
    });

    test("a client certificate instead of a password", async () => {
      const client = await authority.issue("certified");
      const secrets = { tlsCACert: authority.cert, tlsClientCert: client.cert, tlsClientKey: client.key };
      const answer = await health({ sslmode: "verify-full" }, { url, user: "certified", secureJsonData: secrets });
      expect(answer.message).toMatch(/^Connected/);
      const without = await health({ sslmode: "require" }, { url, user: "certified", secureJsonData: {} });
      expect(without.message).toMatch(/Access denied/);
    });
  });
});
