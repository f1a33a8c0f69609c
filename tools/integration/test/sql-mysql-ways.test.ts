import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  connectMysqlAdmin,
  PIECE_ROWS,
  type RunningSql,
  refusal,
  rowsOf,
  type SqlAsk,
  startSql,
} from "../src/sql-plugin.js";

const server = await startMariadb({});

/** How often each is asked: prepared step by step at first, and where that gave many rows, in one batch from then on. */
const TIMES = 3;

describe.skipIf(typeof server === "string")("MariaDB: statements that are prepared", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: mysql.Connection & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server, "mysql");
    admin = await connectMysqlAdmin(server);
    await admin.query(`
      CREATE TABLE many (n int PRIMARY KEY, d double, t varchar(20)) SELECT seq AS n, seq / 2 AS d, concat('t', seq) AS t FROM seq_1_to_2000;
      CREATE TABLE changing LIKE many; INSERT INTO changing SELECT * FROM many;
      CREATE TABLE pauses (seconds double); INSERT INTO pauses VALUES (0);
      CREATE FUNCTION fails(n int) RETURNS int BEGIN IF n = 900 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'row 900'; END IF; RETURN n; END;
      CREATE FUNCTION writes(n int) RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM pauses; RETURN n; END;
      CREATE VIEW failing AS SELECT n, fails(n) AS f FROM many;
      CREATE VIEW writing AS SELECT n, writes(n) AS w FROM many;
    `);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** The server has forgotten all that was prepared. */
  afterEach(() => expect.poll(() => status("Prepared_stmt_count")).toBe(0));

  /** A data source with one connection, on which what a query leaves behind meets the next one. */
  const settings = { maxOpenConns: 1 };
  const asText = { ...settings, binaryResults: false };
  const ask = (rawSql: string, more: Partial<SqlAsk> = {}) => sql.ask({ rawSql, settings, ...more });
  const rows = async (rawSql: string, more: Partial<SqlAsk> = {}): Promise<unknown[][]> =>
    rowsOf(await sql.frame({ rawSql, settings, ...more }));

  async function status(name: string): Promise<number> {
    const statement = "SELECT variable_value AS value FROM information_schema.global_status WHERE variable_name = ?";
    const [[row] = []] = await admin.query<mysql.RowDataPacket[]>(statement, [name]);
    return Number(row?.["value"]);
  }

  async function running(text: string): Promise<number> {
    const statement =
      "SELECT count(*) AS n FROM information_schema.processlist WHERE info LIKE ? AND id <> connection_id()";
    const [rows] = await admin.query<mysql.RowDataPacket[]>(statement, [`%${text}%`]);
    return Number(rows[0]?.["n"]);
  }

  /** What every query is to find. */
  const session = (more: Partial<SqlAsk> = {}): Promise<unknown[][]> =>
    rows("SELECT connection_id(), @@tx_read_only, @@time_zone, @@sql_mode, database(), @a", more);

  /** How many statements were run that were prepared. */
  async function prepared(work: () => Promise<unknown>): Promise<number> {
    const before = await status("Com_stmt_execute");
    await work();
    return (await status("Com_stmt_execute")) - before;
  }

  describe("fail as they do where they are not:", () => {
    test.each([
      ["SELECT FROM WHERE", "error 1064"],
      ["SELECT nothing FROM many", "error 1054"],
      ["SELECT * FROM nowhere", "error 1146"],
      ["SELECT ?", "near '?' at line 1 (error 1064"],
      ["SELECT n FROM many WHERE n < ? OR 1", "near '? OR 1' at line 1 (error 1064"],
      ["SELECT (SELECT n FROM many)", "error 1242"],
      ["SELECT n, 18446744073709551615 + n FROM many ORDER BY d", "error 1690"],
      ["SELECT n, 18446744073709551615 + if(n < 1500, 0, n) AS more FROM many", "error 1690"],
      ["SELECT * FROM failing", "row 900"],
      ["SELECT * FROM writing", "error 1792"],
      ["SELECT n FROM many FOR UPDATE", "error 1792"],
      ["SELECT fails(n) FROM many", "row 900"],
      ["SELECT n FROM many LIMIT 1, a", "error 1327"],
      ["SELECT n FROM many PROCEDURE nothing()", "error 1106"],
    ])("%s", async (rawSql, error) => {
      const before = await session();
      const expected = await ask(rawSql, { settings: asText });
      expect(expected).toMatchObject(refusal(400, error));
      for (let time = 0; time < TIMES; time++) {
        expect(await ask(rawSql)).toMatchObject(refusal(400, expected.error ?? ""));
      }
      expect(await session()).toEqual(before);
    });
  });

  test("fail in a batch as they do alone", async () => {
    const rawSql = "SELECT * FROM changing ORDER BY n";
    const before = await session();
    for (const [change, error] of [
      ["ALTER TABLE changing DROP d, ADD d int GENERATED ALWAYS AS (1) VIRTUAL", undefined],
      ["RENAME TABLE changing TO gone", "error 1146"],
      ["CREATE VIEW changing AS SELECT n, fails(n) AS f FROM gone", "row 900"],
      ["DROP VIEW changing", "error 1146"],
      ["RENAME TABLE gone TO changing", undefined],
    ] as const) {
      // Its last answer was a large one.
      expect(await rows("SELECT * FROM many")).toHaveLength(2_000);
      await admin.query(change);
      for (let time = 0; time < TIMES; time++) {
        const answer = await ask(rawSql);
        expect([change, answer.error ?? ""]).toEqual([change, expect.stringContaining(error ?? "")]);
        expect(answer.frames.map(({ length }) => length)).toEqual(error === undefined ? [2_000] : []);
      }
    }
    expect(await session()).toEqual(before);
  });

  test("one that cannot be prepared does not run the one before it", async () => {
    await admin.query("CREATE TABLE temporary LIKE many; INSERT INTO temporary SELECT * FROM many");
    for (let time = 0; time < 2; time++) {
      await rows("SELECT * FROM temporary");
    }
    await admin.query("DROP TABLE temporary");
    expect(await prepared(() => rows("SELECT * FROM many"))).toBe(1);
    const before = await status("Rows_sent");
    expect(await ask("SELECT * FROM temporary")).toMatchObject(refusal(400, "error 1146"));
    expect((await status("Rows_sent")) - before).toBeLessThan(10);
  });

  test("may have other columns each time", async () => {
    await admin.query("CREATE TABLE other (n int, b double); INSERT INTO other SELECT n, n / 3 FROM many");
    const rawSql = "SELECT * FROM other";
    for (const [change, isBinary] of [
      ["MODIFY n bigint", true],
      ["MODIFY b float", false],
      ["MODIFY b double", true],
      ["MODIFY b double(9, 2)", false],
      ["MODIFY b varchar(20)", true],
      ["MODIFY n double", true],
      ["DROP b, ADD t time DEFAULT '-00:00:01'", false],
      ["DROP t, ADD d datetime(3) DEFAULT '2024-01-01 10:00:00.5'", true],
      ["RENAME COLUMN d TO e", true],
      ["DROP n, ADD n bigint unsigned DEFAULT 18446744073709551615", true],
    ] as const) {
      await admin.query(`ALTER TABLE other ${change}`);
      const expected = await rows(rawSql, { settings: asText });
      for (let time = 0; time < TIMES; time++) {
        expect([change, await rows(rawSql)]).toEqual([change, expected]);
      }
      expect([change, await prepared(() => rows(rawSql))]).toEqual([change, isBinary ? 1 : 0]);
    }
  });

  test("are not, where the server prepares no more of them", async () => {
    const rawSql = "SELECT n, d FROM many";
    expect(await prepared(() => rows(rawSql))).toBe(1);
    await admin.query("SET GLOBAL max_prepared_stmt_count = 0");
    try {
      for (const query of [rawSql, rawSql, "SELECT d, n FROM many"]) {
        expect(await rows(query)).toHaveLength(2_000);
      }
    } finally {
      await admin.query("SET GLOBAL max_prepared_stmt_count = DEFAULT");
    }
    expect(await prepared(() => rows(rawSql))).toBe(1);
  });

  test("are not, where they may write, or where the settings say so", async () => {
    for (const other of [{ ...settings, readOnly: false }, asText]) {
      const more = { settings: other };
      expect(
        await prepared(async () => {
          await rows("SELECT * FROM many", more);
          await rows("SELECT * FROM many", more);
        }),
      ).toBe(0);
    }
  });

  describe("are stopped", () => {
    const hurried = { settings: { ...settings, queryTimeout: 0.4 } };

    test("where they take longer than they did", async () => {
      const rawSql = "SELECT n AS longer FROM many WHERE (SELECT sleep(seconds) FROM pauses) = 0";
      const before = await session(hurried);
      expect(await rows(rawSql, hurried)).toHaveLength(2_000);
      for (let time = 0; time < TIMES; time++) {
        await admin.query("UPDATE pauses SET seconds = 600");
        expect(await ask(rawSql, hurried)).toMatchObject(refusal(504, "the query took longer than 0.4 s"));
        await expect.poll(() => running("AS longer")).toBe(0);
        await admin.query("UPDATE pauses SET seconds = 0");
        expect(await rows(rawSql, hurried)).toHaveLength(2_000);
      }
      expect(await session(hurried)).toEqual(before);
    });

    test.each(["SELECT n AS waiting FROM many", "SELECT n AS waiting, d FROM many"])(
      "where they wait for a lock: %s",
      async (rawSql) => {
        const before = await session(hurried);
        if (rawSql.includes("d")) {
          expect(await rows(rawSql, hurried)).toHaveLength(2_000);
        }
        await using locker = await connectMysqlAdmin(server);
        await locker.query("LOCK TABLES many WRITE");
        for (let time = 0; time < TIMES; time++) {
          expect(await ask(rawSql, hurried)).toMatchObject(refusal(504, "the query took longer than 0.4 s"));
          await expect.poll(() => running("AS waiting")).toBe(0);
        }
        await locker.query("UNLOCK TABLES");
        expect(await rows(rawSql, hurried)).toHaveLength(2_000);
        expect(await session(hurried)).toEqual(before);
      },
    );

    test("at any moment", async () => {
      const rawSql = "SELECT a.n, a.t FROM many a, many b WHERE b.n < 20";
      const before = await session();
      expect(await rows(rawSql)).toHaveLength(38_000);
      for (let time = 0; time < 60; time++) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), time / 2);
        const other = time % 2 === 0 ? rawSql : `${rawSql} AND ${time}`;
        await ask(other, { signal: controller.signal }).catch(() => {});
      }
      expect(await rows(rawSql)).toHaveLength(38_000);
      expect(await session()).toEqual(before);
    });

    test("by an administrator, and are not run anew then", async () => {
      const rawSql = "SELECT n AS killed FROM many";
      const before = await session();
      await rows(rawSql);
      await using locker = await connectMysqlAdmin(server);
      await locker.query("LOCK TABLES many WRITE");
      for (const query of [rawSql, "SELECT n AS killed, d FROM many"]) {
        const answer = ask(query);
        await expect.poll(() => running("AS killed")).toBe(1);
        await admin.query(`KILL QUERY ${before[0]?.[0]}`);
        expect(await answer).toMatchObject(refusal(504, "error 1317"));
      }
      await locker.query("UNLOCK TABLES");
      expect(await session()).toEqual(before);
    });

    test("where they have more rows than the limit, or their reader leaves", async () => {
      const limited = { settings: { ...settings, rowLimit: 300 } };
      const rawSql = "SELECT a.n FROM many a, many b";
      const before = await session(limited);
      for (let time = 0; time < TIMES; time++) {
        expect(await prepared(() => rows(rawSql, limited))).toBe(1);
      }
      expect(await session(limited)).toEqual(before);
      const query = { refId: "A", json: { rawSql, format: "table" } };
      for (let time = 0; time < TIMES; time++) {
        for await (const { frame } of sql.plugin.queryChunkedData({
          context: sql.context(settings),
          queries: [query],
        })) {
          expect(frame?.length).toBe(PIECE_ROWS);
          break;
        }
        await expect.poll(() => running("FROM many a, many b")).toBe(0);
      }
      expect(await rows("SELECT 1")).toEqual([[1]]);
    });

    test("with their connection, which costs what runs", async () => {
      const rawSql = "SELECT a.n AS lost FROM many a, many b, many c";
      const endless = { settings: { ...settings, rowLimit: 1_000_000 } };
      await ask(rawSql, endless);
      const [[id] = []] = await session(endless);
      const answer = ask("SELECT sleep(600) AS lost", endless);
      await expect.poll(() => running("AS lost")).toBe(1);
      await admin.query(`KILL ${id}`);
      expect(await answer).toMatchObject({ status: 502, errorSource: "downstream" });
      expect(await rows("SELECT * FROM many", endless)).toHaveLength(2_000);
    });
  });

  test("by many at once, some of which leave, are each answered", async () => {
    const busy = { settings: { maxOpenConns: 4 } };
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const signal = n % 3 === 0 ? AbortSignal.timeout(n >> 2) : undefined;
        const rawSql = `SELECT n, t FROM many WHERE n <= 1000 + ${n % 5}`;
        try {
          return (await rows(rawSql, { ...busy, ...(signal && { signal }) })).length;
        } catch (error) {
          return signal?.aborted ? 1_000 + (n % 5) : error;
        }
      }),
    );
    expect(answers).toEqual(answers.map((_, n) => 1_000 + (n % 5)));
  });
});
