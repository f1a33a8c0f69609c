import { alertProblem, typeOf } from "@framewright/data";
import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMysqlAdmin, type RunningSql, refusal, rowsOf, startSql } from "../src/sql-plugin.js";

const server = await startMariadb();
const hour = { from: new Date("2026-01-02T00:00:00Z"), to: new Date("2026-01-02T01:00:00Z") };

describe.skipIf(typeof server === "string")("MariaDB: queries", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: mysql.Connection & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server, "mysql");
    admin = await connectMysqlAdmin(server);
    await admin.query(`
      SET time_zone = '+00:00';
      DROP TABLE IF EXISTS \`load\`, everything;
      DROP FUNCTION IF EXISTS writes;
      DROP PROCEDURE IF EXISTS two;
      CREATE TABLE \`load\` (t datetime, ts timestamp NULL, at_s bigint, host varchar(20), value double);
      INSERT INTO \`load\` SELECT m.t, m.t, unix_timestamp(m.t), h.host, minute(m.t)
        FROM (SELECT '2026-01-01 23:30:00' + INTERVAL seq * 10 MINUTE AS t FROM seq_0_to_12) m,
          (SELECT 'a' AS host UNION SELECT 'b') h WHERE NOT (h.host = 'b' AND minute(m.t) = 20);
    `);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  describe("macros, run by the server", () => {
    test.each([
      ["$__timeFilter, DATETIME", "SELECT count(*) FROM `load` WHERE $__timeFilter(t)", 13],
      ["$__timeFilter, TIMESTAMP", "SELECT count(*) FROM `load` WHERE $__timeFilter(ts)", 13],
      ["$__timeFrom, $__timeTo", "SELECT count(*) FROM `load` WHERE t >= $__timeFrom() AND t < $__timeTo()", 11],
      ["$__unixEpochFilter", "SELECT count(*) FROM `load` WHERE $__unixEpochFilter(at_s)", 13],
      [
        "$__unixEpochFrom, …To",
        "SELECT count(*) FROM `load` WHERE at_s BETWEEN $__unixEpochFrom() AND $__unixEpochTo()",
        13,
      ],
      ["$__unixEpochNanoFrom, …To", "SELECT $__unixEpochNanoTo() - $__unixEpochNanoFrom()", 3_600_000_000_000],
      ["not in texts and comments", "SELECT length('$__timeFrom()') # $__nothing", 13],
      ["$__interval_ms", "SELECT $__interval_ms", 60_000],
    ])("%s", async (_, rawSql, expected) => {
      const frame = await sql.frame({ rawSql, timeRange: hour, intervalMs: 60_000 });
      expect(rowsOf(frame).map(([value]) => Number(value))).toEqual([expected]);
    });

    test.each([
      ["$__timeGroupAlias(t, '30m')"],
      ["$__unixEpochGroupAlias(at_s, 30m)"],
      ["$__timeGroup(ts, 30m) AS time"],
      ["$__timeGroup(t, 30m) AS time_sec"],
    ])("%s: long to wide, one series a host", async (group) => {
      const rawSql = `SELECT ${group}, host AS metric, avg(value) FROM \`load\` WHERE $__timeFilter(t) GROUP BY 1, 2 ORDER BY 1`;
      const frame = await sql.frame({ rawSql, format: "time_series", timeRange: hour });
      expect(frame.fields.map(({ name }) => name)).toEqual(["Time", "a", "b"]);
      expect(rowsOf(frame)).toEqual([
        [ns("2026-01-02T00:00:00Z"), 10, 5],
        [ns("2026-01-02T00:30:00Z"), 40, 40],
        [ns("2026-01-02T01:00:00Z"), 0, 0],
      ]);
      expect(alertProblem([frame])).toBeUndefined();
    });

    test.each([
      "SELECT $__time(t), value FROM `load` ORDER BY 1",
      "SELECT $__timeEpoch(t), value FROM `load` ORDER BY 1",
    ])("%s", async (rawSql) => {
      const frame = await sql.frame({ rawSql, format: "time_series", timeRange: hour });
      expect([frame.fields[0]?.name, frame.length]).toEqual(["Time", 24]);
    });
  });

  describe("types", () => {
    const lost = Symbol("lost");
    const cases: readonly (readonly [string, string, ...(readonly [value: string, read: unknown])[]])[] = [
      ["tinyint", "int8", ["-128", -128], ["127", 127]],
      ["tinyint(1)", "int8", ["true", 1]],
      ["tinyint unsigned", "uint8", ["255", 255]],
      ["smallint", "int16", ["-32768", -32768]],
      ["smallint unsigned", "uint16", ["65535", 65535]],
      ["mediumint", "int32", ["-8388608", -8388608]],
      ["mediumint unsigned", "uint32", ["16777215", 16777215]],
      ["int", "int32", ["-2147483648", -2147483648]],
      ["int unsigned", "uint32", ["4294967295", 4294967295]],
      ["bigint", "int64", ["-9223372036854775808", -9223372036854775808n], ["9007199254740993", 9007199254740993n]],
      ["bigint unsigned", "uint64", ["18446744073709551615", 18446744073709551615n]],
      ["float", "float64", ["1.1", 1.1]],
      ["double", "float64", ["0.1", 0.1], ["1.7976931348623157e308", 1.7976931348623157e308], ["5e-324", 5e-324]],
      ["decimal(20, 4)", "float64", ["1234567890.1234", 1234567890.1234]],
      ["year", "uint16", ["2024", 2024]],
      ["bit(1)", "uint64", ["b'1'", 1n]],
      ["bit(64)", "uint64", ["~0", 18446744073709551615n]],
      ["date", "time", ["'2024-02-29'", ns("2024-02-29T00:00:00Z")], ["'0000-00-00'", lost], ["'9999-12-31'", lost]],
      [
        "datetime(6)",
        "time",
        ["'2024-05-31 14:30:05.123456'", ns("2024-05-31T14:30:05Z") + 123456000n],
        ["'1969-12-31 23:59:59.999999'", -1000n],
      ],
      ["timestamp(6) NULL", "time", ["'2024-05-31 14:30:05.5'", ns("2024-05-31T14:30:05.5Z")]],
      ["time", "string", ["'-838:59:59'", "-838:59:59"]],
      ["varchar(20)", "string", ["'ä😀'", "ä😀"], ["''", ""]],
      ["char(3)", "string", ["'x'", "x"]],
      ["text", "string", ["'x'", "x"]],
      ["longtext", "string", ["repeat('y', 300)", "y".repeat(300)]],
      ["varchar(20) character set latin1", "string", ["'ä'", "ä"]],
      ["enum('sad', 'happy')", "string", ["'happy'", "happy"]],
      ["set('a', 'b')", "string", ["'a,b'", "a,b"]],
      ["json", "json", [`'{"a": 1}'`, '{"a": 1}']],
      ["binary(3)", "string", ["x'00ff'", "0x00ff00"]],
      ["varbinary(9)", "string", ["x'00ff'", "0x00ff"]],
      ["blob", "string", ["x'c3'", "0xc3"]],
      ["uuid", "string", ["'123e4567-e89b-12d3-a456-426655440000'", "123e4567-e89b-12d3-a456-426655440000"]],
      ["inet6", "string", ["'::1'", "::1"]],
      ["point", "string", ["point(1, 2)", "0x000000000101000000000000000000f03f0000000000000040"]],
    ];

    beforeAll(async () => {
      await admin.query("SET sql_mode = '', time_zone = '+00:00'");
      const columns = cases.map(([declared], index) => `c${index} ${declared}`).join(", ");
      await admin.query(`CREATE TABLE everything (\`row\` int AUTO_INCREMENT PRIMARY KEY, ${columns})`);
      for (const [index, [, , ...values]] of cases.entries()) {
        for (const [value] of values) {
          await admin.query(`INSERT INTO everything (c${index}) VALUES (${value})`);
        }
      }
    });

    test.each(cases.map(([declared, field, ...values], index) => ({ declared, field, values, column: `c${index}` })))(
      "$declared is read back exactly, as $field",
      async ({ column, field, values }) => {
        const frame = await sql.frame(`SELECT ${column} FROM everything WHERE ${column} IS NOT NULL ORDER BY \`row\``);
        expect(frame.fields.map(typeOf)).toEqual([field]);
        expect(rowsOf(frame)).toEqual(values.map(([, value]) => [value === lost ? null : value]));
        const count = values.filter(([, value]) => value === lost).length;
        expect(frame.meta?.notices?.length ?? 0).toBe(count === 0 ? 0 : 1);
      },
    );

    test("all at once, with rows that are empty", async () => {
      const frame = await sql.frame("SELECT * FROM everything");
      expect(frame.fields).toHaveLength(cases.length + 1);
    });
  });

  describe("what is refused", () => {
    test.each([
      ["a syntax error", "SELECT 1\nFORM x", 400, "near 'x' at line 2 (error 1064, SQLSTATE 42000)"],
      ["a column that is not there", "SELECT nothing FROM `load`", 400, "Unknown column 'nothing'"],
      ["two statements", "SELECT 1; SELECT 2", 400, "a second statement begins here"],
      ["DROP", "DROP TABLE `load`", 400, "the data source may only read"],
      ["SET", "SET SESSION TRANSACTION READ WRITE", 400, "the data source may only read"],
      ["CALL", "CALL p()", 400, "the data source may only read"],
      ["a writing WITH", "WITH a AS (SELECT 1) DELETE FROM `load`", 400, /error 1064|error 1792/],
      ["a function that writes", "SELECT writes()", 400, "error 1792, SQLSTATE 25006); the data source may only read"],
      ["an executable comment", "SELECT 1 /*! ; DROP TABLE `load` */", 400, "a second statement begins here"],
      ["LOAD DATA", "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE `load`", 400, "the data source may only read"],
      ["no time column", "SELECT value FROM `load`", 400, 'call one "time" or "time_sec"', "time_series"],
    ])("%s", async (_, rawSql, status, error, format = "table") => {
      await admin.query(`CREATE FUNCTION IF NOT EXISTS writes() RETURNS int MODIFIES SQL DATA
        BEGIN INSERT INTO \`load\` (value) VALUES (1); RETURN 1; END`);
      expect(await sql.ask({ rawSql, format })).toMatchObject(refusal(status, error));
      expect(rowsOf(await sql.frame("SELECT count(*) FROM `load`"))).toEqual([[24n]]);
    });

    test("where writing is allowed, LOAD DATA gets no file, and a procedure's first rows are the answer", async () => {
      const settings = { readOnly: false };
      await admin.query("CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b; END");
      const load = "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE `load` (host)";
      expect((await sql.ask({ rawSql: load, settings })).frames.map(({ length }) => length)).not.toContain(1);
      expect(rowsOf(await sql.frame({ rawSql: "CALL two()", settings }))).toEqual([[1]]);
      expect(rowsOf(await sql.frame({ rawSql: "SELECT count(*) FROM `load`", settings }))).toEqual([[24n]]);
    });
  });

  test("resources, with names as values", async () => {
    const get = async (path: string, body?: unknown): Promise<unknown> => {
      const post = body === undefined ? {} : { method: "POST", body: Buffer.from(JSON.stringify(body)) };
      const response = await sql.plugin.callResource({ context: sql.context(), url: path, ...post });
      return response.json();
    };
    const schemas = await get("schemas");
    expect(schemas).toContain(server.database);
    expect(schemas).not.toContain("information_schema");
    expect(await get(`tables?schema=${server.database}`)).toContainEqual({
      schema: server.database,
      table: "load",
      kind: "table",
    });
    expect(await get("columns?table=load")).toContainEqual({ name: "host", type: "varchar(20)", nullable: true });
    const evil = encodeURIComponent("load' OR '1' = '1");
    expect(await get(`columns?table=${evil}`)).toEqual([]);
    expect(await get("functions")).toContain("writes");
    expect(await get("validate", { rawSql: "SELECT sleep(1000), $__interval_ms" })).toEqual({
      sql: "SELECT sleep(1000), 60000",
    });
    expect(await get("validate", { rawSql: "SELECT a FRM b c" })).toMatchObject({
      message: expect.stringContaining("1064"),
    });
  });
});

function ns(time: string): bigint {
  return BigInt(Date.parse(time)) * 1_000_000n;
}
