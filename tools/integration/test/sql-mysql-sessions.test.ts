import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMysqlAdmin, type RunningSql, refusal, rowsOf, startSql } from "../src/sql-plugin.js";
import { until } from "../src/until.js";

const server = await startMariadb({});

describe.skipIf(typeof server === "string")("MariaDB: what a statement may do to its session", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: mysql.Connection & AsyncDisposable;
  const writing = { readOnly: false, maxOpenConns: 1 };

  beforeAll(async () => {
    sql = await startSql(server, "mysql");
    admin = await connectMysqlAdmin(server);
    await admin.query(`
      CREATE TABLE kept (a int); INSERT INTO kept VALUES (1), (2), (3);
      CREATE FUNCTION writes() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM kept; RETURN 1; END;
      CREATE FUNCTION opens() RETURNS int BEGIN SET SESSION tx_read_only = 0; RETURN 1; END;
      CREATE PROCEDURE second_fails() BEGIN SELECT 1; SELECT * FROM nothing; END;
      CREATE PROCEDURE second_sleeps() BEGIN SELECT 1; SELECT sleep(600) AS second; END;
    `);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function value(rawSql: string, settings: Readonly<Record<string, unknown>>): Promise<unknown> {
    return rowsOf(await sql.frame({ rawSql, settings }))[0]?.[0];
  }

  async function asAdmin(statement: string): Promise<unknown> {
    const [rows] = await admin.query<mysql.RowDataPacket[]>(statement);
    return Object.values(rows[0] ?? {})[0];
  }

  const running = (text: string): Promise<unknown> =>
    asAdmin(
      `SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%${text}%' AND id <> connection_id()`,
    );

  describe("read only", () => {
    test.each([
      "/*!SET*/ SESSION TRANSACTION READ WRITE",
      "/*!*/SET SESSION TRANSACTION READ WRITE",
      "/*!50000SET*/ SESSION TRANSACTION READ WRITE",
      "/*!DELETE*/ FROM kept",
      "/*!50000DELETE*/ FROM kept",
      "/*M!DELETE*/ FROM kept",
      "(/*!DELETE*/ FROM kept)",
    ])("%s is refused", async (rawSql) => {
      const settings = { maxOpenConns: 1 };
      expect(await sql.ask({ rawSql, settings })).toMatchObject(refusal(400, "the data source may only read"));
      expect(await value("SELECT @@tx_read_only", settings)).toBe(1n);
      expect(await asAdmin("SELECT count(*) FROM kept")).toBe(3);
    });

    test("a function that makes the session writable makes it so for nobody else", async () => {
      const settings = { maxOpenConns: 1 };
      await sql.ask({ rawSql: "SELECT opens()", settings });
      expect(await sql.ask({ rawSql: "SELECT writes()", settings })).toMatchObject(refusal(400, "error 1792"));
      expect(await asAdmin("SELECT count(*) FROM kept")).toBe(3);
    });
  });

  describe("what is left in a session is gone for the next statement", () => {
    test("a transaction: what is written after it is kept", async () => {
      await sql.ask({ rawSql: "START TRANSACTION", settings: writing });
      const { error } = await sql.ask({ rawSql: "INSERT INTO kept VALUES (9)", settings: writing });
      expect([error, await asAdmin("SELECT count(*) FROM kept WHERE a = 9")]).toEqual([undefined, 1]);
      await admin.query("DELETE FROM kept WHERE a = 9");
    });

    test("a database", async () => {
      expect((await sql.ask({ rawSql: "USE mysql", settings: writing })).error).toBeUndefined();
      expect(await value("SELECT database()", writing)).toBe("framewright");
      const nowhere = { ...writing, database: undefined, searchPath: "nowhere" };
      expect((await sql.ask({ rawSql: "USE mysql", settings: nowhere })).error).toBeUndefined();
      expect(await value("SELECT database()", nowhere)).toBe(null);
    });

    test.each([true, false])("a lock, with readOnly %s", async (readOnly) => {
      const settings = { readOnly, maxOpenConns: 1 };
      expect(await value("SELECT GET_LOCK('held', 0)", settings)).toBe(1);
      await until(async () => (await asAdmin("SELECT IS_FREE_LOCK('held')")) === 1);
    });

    test("variables; the connection stays, and its session is what it was", async () => {
      const state =
        "SELECT concat_ws(' ', connection_id(), @@time_zone, @@sql_mode, @@collation_connection, @@max_statement_time, @@autocommit)";
      const settings = { ...writing, timezone: "+01:00", queryTimeout: 20 };
      const before = await value(state, settings);
      await sql.ask({ rawSql: "SET time_zone = '+05:00', sql_mode = 'ANSI', autocommit = 0, @a = 1", settings });
      expect(await value(state, settings)).toBe(before);
      expect(String(before)).toMatch(/^\d+ \+01:00 .* utf8mb4_general_ci 21\.0+ ON$/);
      expect(await value("SELECT @a", settings)).toBe(null);
    });

    test("where it can leave nothing, nothing is sent beside it", async () => {
      const settings = { maxOpenConns: 1, timezone: "+02:00" };
      const count = "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'QUESTIONS'";
      const first = Number(await value(count, settings));
      await value("SELECT count(*) FROM kept WHERE (a > 1)", settings);
      expect(Number(await value(count, settings)) - first).toBe(2);
    });
  });

  describe("what follows a procedure's first result", () => {
    test("fails the query if it fails", async () => {
      expect(await sql.ask({ rawSql: "CALL second_fails()", settings: writing })).toMatchObject(
        refusal(400, "Table 'framewright.nothing' doesn't exist"),
      );
      expect(await value("SELECT 1", writing)).toBe(1);
    });

    test("is stopped when it takes too long", async () => {
      const settings = { ...writing, queryTimeout: 0.5 };
      expect(await sql.ask({ rawSql: "CALL second_sleeps()", settings })).toMatchObject(
        refusal(504, "the query took longer than 0.5 s"),
      );
      await until(async () => (await running("AS second")) === 0);
    });

    test("is stopped when its caller has gone", async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const answer = sql.ask({ rawSql: "CALL second_sleeps()", settings: writing, signal });
      await until(async () => (await running("AS second")) === 1);
      controller.abort();
      await expect(answer).rejects.toThrow();
      await until(async () => (await running("AS second")) === 0);
    });
  });

  test.each(["ANSI", "ORACLE", "MSSQL", "DB2", "MAXDB", "POSTGRESQL", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES"])(
    "where the server's sql_mode is %s, quotes and backslashes are what the macros take them for",
    async (mode) => {
      await admin.query(`SET GLOBAL sql_mode = '${mode}'`);
      try {
        const settings = { maxOpenConns: 1, searchPath: mode };
        expect(await value(`SELECT concat("a\\"b", '\\'')`, settings)).toBe(`a"b'`);
        expect(await value("SELECT @@sql_mode", settings)).not.toMatch(/ANSI_QUOTES|NO_BACKSLASH_ESCAPES/);
      } finally {
        await admin.query("SET GLOBAL sql_mode = DEFAULT");
      }
    },
  );

  test("a statement that cannot be stopped, since the user has no connection left, is ended by the server itself", async () => {
    await admin.query(
      "CREATE USER single@'%' IDENTIFIED BY 'only-one' WITH MAX_USER_CONNECTIONS 1; GRANT SELECT ON framewright.* TO single@'%'",
    );
    const context = sql.context(
      { maxOpenConns: 1, queryTimeout: 0.5 },
      { user: "single", secureJsonData: { password: "only-one" } },
    );
    const ask = async (rawSql: string) =>
      (await sql.plugin.queryData({ context, queries: [{ refId: "A", json: { rawSql, format: "table" } }] })).get("A");
    expect(await ask("SELECT sleep(600) AS single")).toMatchObject(refusal(504, "the query took longer than 0.5 s"));
    await until(async () => (await running("AS single")) === 0);
    await until(async () => (await ask("SELECT 1"))?.error === undefined);
  });
});
