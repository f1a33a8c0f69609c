import { alertProblem, type Frame, typeOf } from "@framewright/data";
import { startPostgres } from "@framewright/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCheck } from "../src/run-check.js";
import { connectAdmin, PIECE_ROWS, type RunningSql, refusal, rowsOf, sqlDist, startSql } from "../src/sql-plugin.js";

const server = await startPostgres();
const hour = { from: new Date("2026-01-02T00:00:00Z"), to: new Date("2026-01-02T01:00:00Z") };

describe.skipIf(typeof server === "string")("PostgreSQL: queries", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;

  beforeAll(async () => {
    sql = await startSql(server);
    await using admin = await connectAdmin(server);
    await admin.query(`
      DROP TABLE IF EXISTS load;
      DROP SCHEMA IF EXISTS "Other" CASCADE;
      CREATE TABLE load (t timestamptz, at_s bigint, at_ns bigint, host text, value float8);
      INSERT INTO load SELECT t, extract(epoch FROM t), extract(epoch FROM t) * 1000000000, host, extract(minute FROM t)
        FROM generate_series('2026-01-01 23:30:00Z'::timestamptz, '2026-01-02 01:30:00Z', '10 min') t,
          unnest(ARRAY['a', 'b']) host WHERE NOT (host = 'b' AND extract(minute FROM t) = 20);
      CREATE SCHEMA "Other";
      CREATE TABLE "Other"."Odd name" (id int PRIMARY KEY, "what's" numeric(10, 2));
      COMMENT ON TABLE load IS 'for the tests';
    `);
  });

  afterAll(async () => {
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  describe("macros, run by the server", () => {
    test.each([
      ["$__timeFilter(t)", "SELECT count(*) FROM load WHERE $__timeFilter(t)", 13],
      [
        "$__timeFrom, $__timeTo",
        "SELECT count(*) FROM load WHERE t >= $__timeFrom() AND t < $__timeTo()::timestamptz",
        11,
      ],
      ["$__unixEpochFilter", "SELECT count(*) FROM load WHERE $__unixEpochFilter(at_s)", 13],
      [
        "$__unixEpochFrom, $__unixEpochTo",
        "SELECT count(*) FROM load WHERE at_s BETWEEN $__unixEpochFrom() AND $__unixEpochTo()",
        13,
      ],
      ["$__unixEpochNanoFilter", "SELECT count(*) FROM load WHERE $__unixEpochNanoFilter(at_ns)", 13],
      [
        "$__unixEpochNanoFrom, …To",
        "SELECT count(*) FROM load WHERE at_ns > $__unixEpochNanoFrom() AND at_ns < $__unixEpochNanoTo()",
        9,
      ],
      [
        "nested in functions",
        "SELECT count(*) FROM load WHERE coalesce(($__timeFilter(date_trunc('hour', t))), false)",
        18,
      ],
      ["not in texts and comments", "SELECT length('$__timeFrom()') -- $__nothing", 13],
      ["$__interval in quotes", "SELECT extract(epoch FROM '$__interval'::interval)::int8", 60],
      ["$__interval_ms", "SELECT $__interval_ms::int8", 60_000],
    ])("%s", async (_, rawSql, expected) => {
      const frame = await sql.frame({ rawSql, timeRange: hour, intervalMs: 60_000 });
      expect(rowsOf(frame).map(([value]) => String(value))).toEqual([String(expected)]);
    });

    test("the least interval of the settings", async () => {
      const ask = {
        rawSql: "SELECT '$__interval'",
        timeRange: hour,
        intervalMs: 1_000,
        settings: { timeInterval: "5m" },
      };
      expect(rowsOf(await sql.frame(ask))).toEqual([["5m"]]);
    });

    test.each(["SELECT $__time(t), value FROM load ORDER BY 1", "SELECT $__timeEpoch(t), value FROM load ORDER BY 1"])(
      "%s",
      async (rawSql) => {
        const frame = await sql.frame({ rawSql, format: "time_series", timeRange: hour });
        expect(frame.fields.map(({ name }) => name)).toEqual(["Time", "value"]);
        expect(frame.length).toBe(24);
      },
    );

    test.each([
      ["$__timeGroupAlias(t, '30m')", "t"],
      ["$__unixEpochGroupAlias(at_s, 30m)", "at_s"],
      ["$__timeGroup(t, 30m) AS time", "t"],
      ["$__unixEpochGroup(at_s, '30m') AS time", "at_s"],
    ])("%s: long to wide, one series a host", async (group) => {
      const rawSql = `SELECT ${group}, host AS metric, avg(value) FROM load WHERE $__timeFilter(t) GROUP BY 1, 2 ORDER BY 1`;
      const frame = await sql.frame({ rawSql, format: "time_series", timeRange: hour });
      expect(frame.fields.map(({ name }) => name)).toEqual(["Time", "a", "b"]);
      expect(rowsOf(frame)).toEqual([
        [ns("2026-01-02T00:00:00Z"), 10, 5],
        [ns("2026-01-02T00:30:00Z"), 40, 40],
        [ns("2026-01-02T01:00:00Z"), 0, 0],
      ]);
      expect(alertProblem([frame])).toBeUndefined();
    });

    test("fills gaps as the macro says", async () => {
      const rawSql =
        "SELECT $__timeGroupAlias(t, '10m', 7), avg(value) FROM load WHERE host = 'b' AND $__timeFilter(t) GROUP BY 1 ORDER BY 1";
      const frame = await sql.frame({ rawSql, format: "time_series", timeRange: hour });
      expect(rowsOf(frame).map(([, value]) => value)).toEqual([0, 10, 7, 30, 40, 50, 0]);
    });
  });

  describe("formats", () => {
    test("a table has its columns as they are", async () => {
      const frame = await sql.frame("SELECT t AS time, host, value FROM load ORDER BY t, host LIMIT 2");
      expect(frame.fields.map((field) => [field.name, typeOf(field), field.nullable])).toEqual([
        ["time", "time", true],
        ["host", "string", true],
        ["value", "float64", true],
      ]);
      expect(rowsOf(frame)).toEqual([
        [ns("2026-01-01T23:30:00Z"), "a", 30],
        [ns("2026-01-01T23:30:00Z"), "b", 30],
      ]);
      expect(frame.meta?.executedQueryString).toBe("SELECT t AS time, host, value FROM load ORDER BY t, host LIMIT 2");
    });

    test("log lines", async () => {
      const rawSql = "SELECT t AS timestamp, host AS body FROM load ORDER BY t LIMIT 3";
      const frame = await sql.frame({ rawSql, format: "logs" });
      expect(frame.meta).toMatchObject({ preferredVisualisationType: "logs", type: "log-lines" });
    });

    test("numbers of a table can drive an alert rule", async () => {
      expect(alertProblem([await sql.frame("SELECT host, avg(value) FROM load GROUP BY host")])).toBeUndefined();
    });

    test("a result without rows", async () => {
      expect((await sql.frame("SELECT * FROM load WHERE false")).length).toBe(0);
    });

    test("statements that are no SELECT", async () => {
      expect(rowsOf(await sql.frame("SHOW standard_conforming_strings"))).toEqual([["on"]]);
      expect(rowsOf(await sql.frame("VALUES (1, 'x'), (2, NULL)"))).toEqual([
        [1, "x"],
        [2, null],
      ]);
      expect((await sql.frame("EXPLAIN SELECT 1")).fields[0]?.name).toBe("QUERY PLAN");
      expect(rowsOf(await sql.frame("WITH a AS (SELECT 1 AS n) TABLE a"))).toEqual([[1]]);
    });

    test("RETURNING, where writing is allowed", async () => {
      const settings = { readOnly: false };
      const rawSql = 'INSERT INTO "Other"."Odd name" VALUES (7, 1.5) RETURNING id, "what\'s"';
      expect(rowsOf(await sql.frame({ rawSql, settings }))).toEqual([[7, 1.5]]);
      expect(rowsOf(await sql.frame('SELECT id FROM "Other"."Odd name"'))).toEqual([[7]]);
      expect((await sql.ask({ rawSql: 'DELETE FROM "Other"."Odd name"', settings })).error).toBeUndefined();
      expect((await sql.frame('SELECT id FROM "Other"."Odd name"')).length).toBe(0);
    });

    test("session settings", async () => {
      const settings = { timezone: "Asia/Kolkata", searchPath: '"Other", public' };
      for (const readOnly of [true, false]) {
        const rawSql = "SELECT current_setting('TimeZone'), current_schema, count(*)::int4 FROM \"Odd name\"";
        expect(rowsOf(await sql.frame({ rawSql, settings: { ...settings, readOnly } }))).toEqual([
          ["Asia/Kolkata", "Other", 0],
        ]);
      }
    });
  });

  describe("row limit", () => {
    const rawSql = "SELECT n FROM generate_series(1, 1000000) n";
    const notice = (limit: number) => [
      { severity: "warning", text: `Results have been limited to ${limit} because the SQL row limit was reached` },
    ];

    test("of the data source, with a notice", async () => {
      const frame = await sql.frame({ rawSql, settings: { rowLimit: 1_000 } });
      expect(frame.length).toBe(1_000);
      expect(frame.meta?.notices).toEqual(notice(1_000));
      expect(
        (await sql.frame({ rawSql: "SELECT n FROM generate_series(1, 1000) n", settings: { rowLimit: 1_000 } })).meta
          ?.notices,
      ).toBeUndefined();
    });

    test("of Grafana's configuration, and over pieces", async () => {
      const context = sql.context({ rowLimit: 500_000 }, {}, { GF_SQL_ROW_LIMIT: "50000" });
      const call = { context, queries: [{ refId: "A", json: { rawSql, format: "table" } }] };
      const whole = (await sql.plugin.queryData(call, { timeoutMs: 60_000 })).get("A");
      expect(whole?.frames[0]?.length).toBe(50_000);
      expect(whole?.frames[0]?.meta?.notices).toEqual(notice(50_000));
      const pieces: Frame[] = [];
      const ids = new Set<string>();
      for await (const { frame, frameId } of sql.plugin.queryChunkedData(call)) {
        pieces.push(...(frame === undefined ? [] : [frame]));
        ids.add(frameId);
      }
      expect(pieces.map(({ length }) => length)).toEqual([PIECE_ROWS, PIECE_ROWS, 50_000 - 2 * PIECE_ROWS]);
      expect(pieces.at(-1)?.meta?.notices).toEqual(notice(50_000));
      expect(ids.size).toBe(1);
    });
  });

  describe("what is refused", () => {
    test.each([
      ["a syntax error", "SELECT a\nFORM load", 400, "(SQLSTATE 42601) at 2:6"],
      [
        "a column that is not there",
        "SELECT 'ä😀', nothing FROM load",
        400,
        'column "nothing" does not exist (SQLSTATE 42703) at 1:15',
      ],
      ["a table that is not there", "SELECT * FROM nothing", 400, 'relation "nothing" does not exist'],
      ["a division by zero", "SELECT 1 / (value - value)::int FROM load", 400, "division by zero"],
      ["an unknown macro", "SELECT $__timeGruop(t, 5m)", 400, "$__timeGruop at 1:8: there is no such macro"],
      ["too many arguments", "SELECT $__timeFilter(a, b)", 400, "takes 1 argument, not 2"],
      ["two statements", "SELECT 1; SELECT 2", 400, "query at 1:11: a second statement begins here"],
      ["a hidden second statement", "SELECT '\\'; DROP TABLE load; --'", 400, "a second statement begins here"],
      ["nothing", "  -- nothing", 400, "there is no statement"],
      [
        "DROP",
        "DROP TABLE load",
        400,
        "cannot execute DROP TABLE in a read-only transaction (SQLSTATE 25006); the data source may only read",
      ],
      [
        "INSERT within WITH",
        "WITH x AS (INSERT INTO load VALUES (now()) RETURNING t) SELECT * FROM x",
        400,
        "SQLSTATE 25006",
      ],
      ["leaving the read-only mode", "SELECT set_config('transaction_read_only', 'off', false)", 400, "SQLSTATE 25001"],
      [
        "a block that commits",
        "DO $$ BEGIN COMMIT; DELETE FROM load; END $$",
        400,
        "what DO does could last beyond the query",
      ],
      ["COPY", "COPY load TO STDOUT", 400, "COPY gives no rows here"],
      ["a parameter", "SELECT $1::int", 400, "the query has a parameter such as $1"],
    ])("%s", async (_, rawSql, status, error) => {
      expect(await sql.ask(rawSql)).toMatchObject(refusal(status, error));
      expect(rowsOf(await sql.frame("SELECT count(*) FROM load"))).toEqual([[24n]]);
    });

    test.each([
      ["no time column", "SELECT value FROM load", 'there is no time column; call one "time"'],
      ["a time column of texts", "SELECT host AS time, value FROM load", 'column "time": "a" in row 1 is no time'],
      ["rows out of order", "SELECT t AS time, value FROM load ORDER BY t DESC", "row 3 is before row 2; add ORDER BY"],
      ["no numbers", "SELECT now() AS time", "there is no column of numbers"],
      ["a row without a time", "SELECT NULL::timestamptz AS time, 1 AS v", "1 of 1 rows have no time"],
    ])("a time series with %s", async (_, rawSql, error) => {
      expect(await sql.ask({ rawSql, format: "time_series" })).toMatchObject(refusal(400, error));
    });

    test("COPY of a writer", async () => {
      const settings = { readOnly: false };
      expect(await sql.ask({ rawSql: "EXPLAIN (ANALYZE) COPY load FROM STDIN", settings })).toMatchObject({
        status: 400,
      });
      expect(rowsOf(await sql.frame({ rawSql: "SELECT 1", settings }))).toEqual([[1]]);
    });

    test("most columns that PostgreSQL has", async () => {
      const columns = Array.from({ length: 1_664 }, (_, column) => `${column} AS c${column}`).join(", ");
      const wide = columns.replaceAll(" AS", " + n AS");
      const frame = await sql.frame(`SELECT ${wide} FROM generate_series(1, 100) n`);
      expect(frame.fields).toHaveLength(1_664);
      expect(rowsOf(frame)).toEqual(
        Array.from({ length: 100 }, (_, row) => Array.from({ length: 1_664 }, (__, column) => column + row + 1)),
      );
      expect(await sql.ask(`SELECT ${columns}, 1`)).toMatchObject(refusal(400, "SQLSTATE 54011"));
    });

    test.each([
      [{ sslmode: "prefer" }, "settings.sslmode"],
      [{ rowLimit: 0 }, "settings.rowLimit"],
      [{ timeInterval: "often" }, "settings.timeInterval: must be a number and a unit"],
      [{ timezone: "Mars/Olympus" }, 'invalid value for parameter "TimeZone": "Mars/Olympus"'],
      [
        { sslmode: "require", tlsConfigurationMethod: "file-path", sslRootCertFile: "/nothing.pem" },
        "settings.sslRootCertFile: /nothing.pem cannot be read",
      ],
    ])("settings: %o", async (settings, error) => {
      expect(await sql.ask({ rawSql: "SELECT 1", settings })).toMatchObject(refusal(400, error));
    });
  });

  test("framewright check finds nothing wrong, even when it is strict", async () => {
    const { url = "", user = "", jsonData, secureJsonData } = sql.context().dataSource ?? {};
    const run = await runCheck(
      sqlDist,
      ...["--strict", "--url", url, "--user", user, "--settings", JSON.stringify(jsonData)],
      ...["--secure", JSON.stringify(secureJsonData), "--query", '{"rawSql":"SELECT 1","format":"table"}'],
    );
    expect([run.exitCode, run.failed]).toEqual([0, []]);
  });

  describe("resources", () => {
    async function get(url: string, body?: unknown): Promise<unknown> {
      const response = await sql.plugin.callResource({
        context: sql.context(),
        url,
        ...(body === undefined ? {} : { method: "POST", body: Buffer.from(JSON.stringify(body)) }),
      });
      return { status: response.status, body: await response.json() };
    }

    test("databases, schemas, tables and columns", async () => {
      expect(await get("databases")).toEqual({ status: 200, body: expect.arrayContaining([server.database]) });
      expect(await get("schemas")).toEqual({ status: 200, body: expect.arrayContaining(["Other", "public"]) });
      expect(await get("tables?schema=Other")).toEqual({
        status: 200,
        body: [{ schema: "Other", table: "Odd name", kind: "table" }],
      });
      expect(await get("tables")).toEqual({
        status: 200,
        body: expect.arrayContaining([{ schema: "public", table: "load", kind: "table" }]),
      });
      expect(await get("columns?schema=Other&table=Odd%20name")).toEqual({
        status: 200,
        body: [
          { name: "id", type: "integer", nullable: false },
          { name: "what's", type: "numeric(10,2)", nullable: true },
        ],
      });
    });

    test("names are values, never SQL", async () => {
      const evil = encodeURIComponent("load'); DROP TABLE load; --");
      expect(await get(`columns?table=${evil}`)).toEqual({ status: 200, body: [] });
      expect(await get(`tables?schema=${evil}`)).toEqual({ status: 200, body: [] });
      expect(await get("columns")).toMatchObject({ status: 400 });
    });

    test("macros and functions", async () => {
      expect(await get("macros")).toMatchObject({
        status: 200,
        body: expect.arrayContaining([{ name: "$__timeFilter", usage: "$__timeFilter(column)" }]),
      });
      expect(await get("functions")).toEqual({
        status: 200,
        body: expect.arrayContaining(["date_trunc", "avg", "lag"]),
      });
      // Not what only a trigger can call.
      expect(await get("functions")).toEqual({ status: 200, body: expect.not.arrayContaining(["RI_FKey_check_ins"]) });
    });

    test("a query is checked without being run", async () => {
      expect(await get("validate", { rawSql: "SELECT pg_sleep(1000), $__interval_ms" })).toEqual({
        status: 200,
        body: { sql: "SELECT pg_sleep(1000), 60000" },
      });
      expect(await get("validate", { rawSql: "SELECT a FRM b" })).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining("at 1:14") },
      });
    });
  });
});

function ns(time: string): bigint {
  return BigInt(Date.parse(time)) * 1_000_000n;
}
