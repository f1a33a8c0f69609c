import { setTimeout as delay } from "node:timers/promises";
import { type SqlServer, startPgbouncer, startPostgres } from "@framewright/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../src/certificates.js";
import { connectAdmin, type RunningSql, refusal, rowsOf, startSql } from "../src/sql-plugin.js";

const authority = await createAuthority("Test authority");
const tls = await authority.issue("pgbouncer", ["localhost"]);
const server = await startPostgres({});
const bouncer = typeof server === "string" ? server : await startPgbouncer({ server, tls, poolSize: 3 });

describe.skipIf(typeof bouncer === "string")("PostgreSQL behind pgbouncer in transaction mode, with TLS", () => {
  if (typeof server === "string" || typeof bouncer === "string") {
    return;
  }
  let sql: RunningSql;
  const { password } = bouncer;
  const settings = { sslmode: "verify-full", tlsConfigurationMethod: "file-content" };

  beforeAll(async () => {
    sql = await startSql({ ...bouncer, host: "localhost" } satisfies SqlServer);
    await using admin = await connectAdmin(server);
    await admin.query("CREATE SCHEMA apart; CREATE TABLE apart.things AS SELECT n FROM generate_series(1, 10) n");
  });

  afterAll(async () => {
    await sql[Symbol.asyncDispose]();
    await bouncer[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function ask(rawSql: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const secrets = { secureJsonData: { password, tlsCACert: authority.cert } };
    const context = sql.context({ ...settings, ...more }, secrets);
    const query = { refId: "A", json: { rawSql, format: "table" } };
    const answer = (await sql.plugin.queryData({ context, queries: [query] }, { timeoutMs: 30_000 })).get("A");
    return answer?.error === undefined ? answer?.frames.map(rowsOf)[0] : answer;
  }

  test("more callers than connections: each gets its own answer", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => ask(`SELECT ${n}, pg_sleep(0.005)`, { maxOpenConns: 20 })),
    );
    expect(answers.map((rows) => Object(rows)[0]?.[0])).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  test("schemas of one data source are not another's, though they share connections", async () => {
    const mixed = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        ask("SELECT count(*)::int FROM things", n % 2 === 0 ? { searchPath: "apart" } : {}),
      ),
    );
    for (const [n, answer] of mixed.entries()) {
      expect(answer).toEqual(n % 2 === 0 ? [[10]] : expect.objectContaining(refusal(400, 'relation "things"')));
    }
  });

  test("time zones, too", async () => {
    const zones = ["Asia/Kolkata", "America/Lima"];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask("SHOW TimeZone", { timezone: zones[n % 2] })),
    );
    expect(answers.flat(2)).toEqual(Array.from({ length: 20 }, (_, n) => zones[n % 2]));
  });

  test("times in a query that comes often are read by its own data source's time zone", async () => {
    const zones = [
      ["Asia/Kolkata", "2023-12-31T18:30:00Z"],
      ["America/Lima", "2024-01-01T05:00:00Z"],
    ] as const;
    for (let time = 0; time < 24; time++) {
      const [timezone, moment] = zones[time % 2] ?? [];
      const rows = await ask("SELECT '2024-01-01 00:00'::timestamptz", { timezone, maxOpenConns: 1 });
      expect([time, rows]).toEqual([time, [[BigInt(Date.parse(moment ?? "")) * 1_000_000n]]]);
    }
  });

  test("queries that ran before, of which some fail and some leave: each gets its own answer, and no other's session", async () => {
    const more = { maxOpenConns: 8, queryTimeout: 10 };
    const templates = [
      [
        "SELECT n, 'text' AS t FROM generate_series(1, 2) n",
        [
          [1, "text"],
          [2, "text"],
        ],
      ],
      [
        "SELECT 1 / (n - 300) FROM generate_series(1, 400) n",
        expect.objectContaining(refusal(400, "division by zero")),
      ],
      ["SET work_mem = '1MB'", []],
      ["SELECT current_setting('work_mem'), current_setting('transaction_read_only')", [["4MB", "on"]]],
      ["SELECT $1", expect.objectContaining(refusal(400, "the query has a parameter such as $1"))],
      ["COMMIT AND CHAIN", []],
      ["SELECT pg_try_advisory_lock_shared(1) AS locked", [[true]]],
    ] as const;
    const answers = await Promise.all(
      Array.from({ length: 140 }, async (_, n) => {
        const [rawSql, expected] = templates[n % templates.length] ?? [];
        if (n % 5 === 4) {
          const context = sql.context(
            { ...settings, ...more },
            { secureJsonData: { password, tlsCACert: authority.cert } },
          );
          const call = { context, queries: [{ refId: "A", json: { rawSql, format: "table" } }] };
          await sql.plugin.queryData(call, { timeoutMs: 30_000, signal: AbortSignal.timeout(n) }).catch(() => {});
          return { rawSql, rows: expected };
        }
        return { rawSql, rows: await ask(rawSql ?? "", more) };
      }),
    );
    expect(answers).toEqual(
      answers.map((_, n) => ({
        rawSql: templates[n % templates.length]?.[0],
        rows: templates[n % templates.length]?.[1],
      })),
    );
    await using admin = await connectAdmin(server);
    const locks = "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'";
    await expect.poll(async () => (await admin.query(locks)).rows).toEqual([{ count: 0 }]);
  });

  test("only reads", async () => {
    expect(await ask("DROP TABLE apart.things")).toMatchObject(refusal(400, "SQLSTATE 25006"));
  });

  test("a query that takes too long is stopped in the database", async () => {
    await using admin = await connectAdmin(server);
    expect(await ask("SELECT pg_sleep(600) AS bounced", { queryTimeout: 0.3 })).toMatchObject(
      refusal(504, "the query took longer than 0.3 s"),
    );
    const running = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%AS bounced'";
    while ((await admin.query(`${running} AND pid <> pg_backend_pid()`)).rowCount !== 0) {
      await delay(20);
    }
    expect(await ask("SELECT 1")).toEqual([[1]]);
  });
});
