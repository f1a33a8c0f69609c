import { startPostgres } from "@framewright/services";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connectAdmin,
  PIECE_ROWS,
  type RunningSql,
  refusal,
  rowsOf,
  type SqlAsk,
  startSql,
} from "../src/sql-plugin.js";

const server = await startPostgres({});

/** How often each is asked: what was learnt by the first answer is used from the second one on, and a session has prepared it by the fifth. */
const TIMES = 6;

describe.skipIf(typeof server === "string")("PostgreSQL: queries whose columns are known", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let admin: pg.Client & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server);
    admin = await connectAdmin(server);
    await admin.query(`
      CREATE TABLE changing (a int);
      INSERT INTO changing VALUES (1), (2);
      CREATE TABLE other (b text, c int);
      INSERT INTO other VALUES ('x', 7);
      CREATE FUNCTION noisy(n int) RETURNS int LANGUAGE plpgsql AS
        $$ BEGIN RAISE NOTICE 'row %', n; PERFORM set_config('DateStyle', 'German', true); RETURN n; END $$;
      CREATE PROCEDURE committing() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
    `);
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** A data source with one connection, on which what a query leaves behind meets the next one. */
  const settings = { maxOpenConns: 1 };
  const ask = (rawSql: string, more: Partial<SqlAsk> = {}) => sql.ask({ rawSql, settings, ...more });
  const rows = async (rawSql: string, more: Partial<SqlAsk> = {}): Promise<unknown[][]> =>
    rowsOf(await sql.frame({ rawSql, settings, ...more }));

  const advisoryLocks = async (): Promise<number> => {
    const { rows: found } = await admin.query("SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'");
    return found[0].count;
  };

  /** What every query is to find. */
  async function session(more: Partial<SqlAsk> = {}): Promise<unknown[][]> {
    const names = ["transaction_read_only", "work_mem", "DateStyle", "search_path", "transaction_isolation", "role"];
    const columns = names.map((name) => `current_setting('${name}')`);
    return await rows(`SELECT pg_backend_pid(), ${columns.join(", ")}, (SELECT count(*)::int FROM pg_cursors)`, more);
  }

  describe("leave the session as it was:", () => {
    test.each([
      "COMMIT",
      "ROLLBACK",
      "COMMIT AND CHAIN",
      "ROLLBACK AND CHAIN",
      "BEGIN",
      "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
      "SET TRANSACTION READ WRITE",
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
      "SET work_mem = '1MB'",
      "SET LOCAL work_mem = '1MB'",
      "SET ROLE pg_read_all_data",
      "SELECT set_config('work_mem', '1MB', false)",
      "DECLARE held CURSOR WITH HOLD FOR SELECT 1",
      "SELECT pg_advisory_lock(n) FROM generate_series(1, 5) n",
      "SELECT pg_try_advisory_lock_shared(1)",
      "SHOW work_mem",
      "EXPLAIN SELECT 1",
      "TABLE changing",
      "SELECT noisy(n) FROM generate_series(1, 2000) n",
      "-- nothing",
      "SAVEPOINT s",
      "LISTEN channel",
      "DEALLOCATE ALL",
    ])("%s", async (rawSql) => {
      const before = await session();
      const answers: object[] = [];
      for (let time = 0; time < TIMES; time++) {
        const { error, frames } = await ask(rawSql);
        answers.push({ error, rows: frames.map(rowsOf) });
      }
      expect(answers.slice(1)).toEqual(answers.slice(1).map(() => answers[0]));
      expect(await session()).toEqual(before);
      expect(await advisoryLocks()).toBe(0);
    });

    test.each([
      ["CREATE TABLE made (a int)", "SQLSTATE 25006"],
      ["INSERT INTO changing VALUES (3)", "SQLSTATE 25006"],
      ["SELECT nextval('none')", "SQLSTATE 42P01"],
      ["SELECT 1 / (n - 900) FROM generate_series(1, 1000) n", "division by zero"],
      ["SELECT pg_advisory_lock(1) FROM generate_series(1, 1000) n WHERE 1 / (n - 900) < 5", "division by zero"],
      ["CALL committing()", "SQLSTATE 2D000"],
      ["VACUUM changing", "SQLSTATE 25001"],
      ["SELECT $1", "the query has a parameter such as $1"],
      ["SELECT $1::int FROM changing", "the query has a parameter such as $1"],
      ["SELECT FROM WHERE", "syntax error"],
    ])("%s, which fails", async (rawSql, error) => {
      const before = await session();
      for (let time = 0; time < TIMES; time++) {
        expect(await ask(rawSql)).toMatchObject(refusal(400, error));
      }
      expect(await session()).toEqual(before);
      expect(await advisoryLocks()).toBe(0);
    });

    test("one that has more rows than the limit, and locks", async () => {
      const limited = { settings: { ...settings, rowLimit: 10 } };
      const before = await session(limited);
      const rawSql = "SELECT n, pg_try_advisory_lock(n) FROM generate_series(1, 100000) n";
      for (let time = 0; time < 20; time++) {
        expect(await rows(rawSql, limited)).toHaveLength(10);
      }
      expect(await session(limited)).toEqual(before);
      await expect.poll(advisoryLocks).toBe(0);
    });

    test("one that is stopped at any moment, and locks", async () => {
      const rawSql = "SELECT pg_try_advisory_lock(n) FROM generate_series(1, 3000) n";
      const before = await session();
      await ask(rawSql);
      for (let time = 0; time < 60; time++) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), time / 4);
        await ask(rawSql, { signal: controller.signal }).catch(() => {});
      }
      expect(await session()).toEqual(before);
      await expect.poll(advisoryLocks).toBe(0);
    });
  });

  test("may have other columns each time", async () => {
    const rawSql = "SELECT * FROM changing";
    for (const [change, expected] of [
      ["SELECT 1", [[1], [2]]],
      [
        "ALTER TABLE changing ADD b text DEFAULT 'text'",
        [
          [1, "text"],
          [2, "text"],
        ],
      ],
      [
        "ALTER TABLE changing ALTER a TYPE text USING 'n' || a",
        [
          ["n1", "text"],
          ["n2", "text"],
        ],
      ],
      [
        "ALTER TABLE changing DROP b, ADD d float8 DEFAULT 1.5",
        [
          ["n1", 1.5],
          ["n2", 1.5],
        ],
      ],
      [
        "ALTER TABLE changing RENAME d TO e",
        [
          ["n1", 1.5],
          ["n2", 1.5],
        ],
      ],
      ["ALTER TABLE changing DROP a, DROP e", []],
      ["ALTER TABLE changing ADD a numeric(5, 1) DEFAULT 2", [[2], [2]]],
      ["ALTER TABLE changing ALTER a TYPE numeric(5, 2)", [[2], [2]]],
      ["ALTER TABLE changing ALTER a TYPE int", [[2], [2]]],
    ] as const) {
      await admin.query(change);
      for (let time = 0; time < TIMES; time++) {
        const { error, frames } = await ask(rawSql);
        expect([change, error, frames.flatMap(rowsOf).filter((row) => row.length > 0)]).toEqual([
          change,
          undefined,
          expected,
        ]);
      }
    }
    await admin.query("DROP TABLE changing");
    expect(await ask(rawSql)).toMatchObject(refusal(400, "SQLSTATE 42P01"));
    await admin.query("CREATE TABLE changing (a int); INSERT INTO changing VALUES (1), (2)");
    expect(await rows(rawSql)).toEqual([[1], [2]]);
  });

  describe("are prepared in their session", () => {
    const prepared = "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'framewright%'";
    // A data source of its own, and so a session in which nothing ran before.
    const alone = { settings: { ...settings, rowLimit: 4_321 } };

    test("where they came often, and what is around them", async () => {
      const counts: unknown[] = [];
      for (let time = 0; time < 8; time++) {
        counts.push(...(await rows(prepared, alone)).flat());
      }
      // The first time its columns are asked for; then come one statement before it and two behind it, and at last the query itself.
      expect(counts).toEqual([0, 3, 3, 4, 4, 4, 4, 4]);
      await ask("DEALLOCATE ALL", alone);
      for (let time = 0; time < 8; time++) {
        counts.push(...(await rows(prepared, alone)).flat());
      }
      expect(counts.at(-1)).toBe(4);
    });

    test("and nobody can put others in their place", async () => {
      const shown = "SELECT a FROM changing";
      for (let time = 0; time < TIMES; time++) {
        await rows(shown, alone);
      }
      const names = (await rows("SELECT name, statement FROM pg_prepared_statements", alone)) as [string, string][];
      expect(names.map(([, sql]) => sql)).toContain("BEGIN READ ONLY");
      expect(names.map(([, sql]) => sql)).toContain(shown);
      for (const [name] of names) {
        const prepare = `PREPARE ${name} AS SELECT 4711 AS a`;
        for (const text of [`DO $$ BEGIN EXECUTE 'DEALLOCATE ${name}'; EXECUTE '${prepare}'; END $$`, prepare]) {
          expect(await ask(`-- hidden\r/* twice /* */ */ ${text}`, alone)).toMatchObject(
            refusal(400, /^the data source may only read, and what (DO|PREPARE) does could last beyond the query/),
          );
        }
      }
      for (let time = 0; time < TIMES; time++) {
        expect(await ask("DELETE FROM changing", alone)).toMatchObject(refusal(400, "SQLSTATE 25006"));
      }
      expect(await rows(shown, alone)).toEqual([[1], [2]]);
    });

    test("anew, where a query has taken away one of those that come behind others", async () => {
      for (const sql of ["ROLLBACK", "SELECT pg_advisory_unlock_all()"]) {
        const found = `SELECT name FROM pg_prepared_statements WHERE statement = '${sql}'`;
        for (let time = 0; time < TIMES; time++) {
          await rows("SELECT pg_advisory_lock(1)", alone);
        }
        const [[name] = []] = await rows(found, alone);
        await ask(`DEALLOCATE ${name}`, alone);
        await rows("SELECT pg_advisory_lock(1)", alone);
        await rows("SELECT pg_advisory_lock(1)", alone);
        expect([sql, await advisoryLocks(), await rows(found, alone)]).toEqual([sql, 0, [[name]]]);
      }
    });

    test("but none whose times are those of when it was parsed", async () => {
      const seen = new Set<unknown>();
      for (let time = 0; time < 8; time++) {
        const [[now] = []] = await rows("SELECT 'now'::timestamptz", alone);
        seen.add(now);
      }
      expect(seen.size).toBe(8);
    });

    test("but no more than fifty of them", async () => {
      for (let query = 0; query < 70; query++) {
        for (let time = 0; time < 5; time++) {
          expect(await rows(`SELECT ${query}`, alone)).toEqual([[query]]);
        }
      }
      const [[count] = []] = await rows(prepared, alone);
      expect(count).toBeGreaterThan(40);
      expect(count).toBeLessThanOrEqual(3 + 51);
    });
  });

  describe("are stopped", () => {
    const hurried = { settings: { ...settings, queryTimeout: 0.4 } };

    async function running(text: string): Promise<number> {
      const { rows: found } = await admin.query(
        "SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1",
        [`%${text}%`],
      );
      return found[0].count;
    }

    test("where they take longer than they did", async () => {
      await admin.query("CREATE TABLE pauses AS SELECT 0 AS seconds");
      const rawSql = "SELECT 1 AS n FROM pauses, pg_sleep(seconds) AS longer";
      const before = await session(hurried);
      expect(await rows(rawSql, hurried)).toEqual([[1]]);
      for (let time = 0; time < TIMES; time++) {
        await admin.query("UPDATE pauses SET seconds = 600");
        expect(await ask(rawSql, hurried)).toMatchObject(refusal(504, "the query took longer than 0.4 s"));
        await expect.poll(() => running("AS longer")).toBe(0);
        await admin.query("UPDATE pauses SET seconds = 0");
        expect(await rows(rawSql, hurried)).toEqual([[1]]);
      }
      expect(await session(hurried)).toEqual(before);
    });

    test("where they wait for a lock", async () => {
      const rawSql = "SELECT a AS waiting FROM changing";
      const before = await session(hurried);
      expect(await rows(rawSql, hurried)).toEqual([[1], [2]]);
      await using locker = await connectAdmin(server);
      await locker.query("BEGIN; LOCK TABLE changing IN ACCESS EXCLUSIVE MODE");
      for (let time = 0; time < TIMES; time++) {
        expect(await ask(rawSql, hurried)).toMatchObject(refusal(504, "the query took longer than 0.4 s"));
        await expect.poll(() => running("AS waiting")).toBe(0);
      }
      await locker.query("ROLLBACK");
      expect(await rows(rawSql, hurried)).toEqual([[1], [2]]);
      expect(await session(hurried)).toEqual(before);
    });

    test("where the reader leaves between two pieces", async () => {
      const query = {
        refId: "A",
        json: { rawSql: "SELECT generate_series(1, 100000000)", format: "table" },
      };
      const endless = { settings: { ...settings, rowLimit: 100_000_000 } };
      const context = sql.context(endless.settings);
      const before = await session(endless);
      for (let time = 0; time < TIMES; time++) {
        for await (const { frame } of sql.plugin.queryChunkedData({ context, queries: [query] })) {
          expect(frame?.length).toBe(PIECE_ROWS);
          break;
        }
        await expect.poll(() => running("generate_series(1, 100000000)")).toBe(0);
      }
      expect(await session(endless)).toEqual(before);
    });
  });

  test.each([true, false])("have the same values as at first, binary %s", async (binaryResults) => {
    const types = [
      "bool",
      "int2",
      "int4",
      "int8",
      "oid",
      "float4",
      "float8",
      "numeric",
      "numeric(9, 2)",
      "text",
      "name",
    ];
    const numbers = types.map((type) => `('1'::text)::${type} AS "${type}"`);
    const others = [
      "'2024-02-29'::date",
      "'2024-02-29 12:34:56.789'::timestamp",
      "'2024-02-29 12:34:56.789+02'::timestamptz",
      "'1 day 2 s'::interval",
      "'12:34'::time",
      "'{\"a\": 1}'::jsonb",
      "'{1,2}'::int[]",
      "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
      "'\\x00ff'::bytea",
      "ROW(1, 'a')",
      "NULL::int",
      "NULL::text",
      "now() > 'epoch'",
    ];
    const rawSql = `SELECT ${[...numbers, ...others.map((value, n) => `${value} AS c${n}`)].join(", ")}`;
    const frames = [];
    for (let time = 0; time < TIMES; time++) {
      frames.push(await sql.frame({ rawSql, settings: { ...settings, binaryResults } }));
    }
    const [first, ...later] = frames.map((frame) => [frame.fields.map(({ name }) => name), rowsOf(frame)]);
    expect(first?.flat(2)).toHaveLength(2 * (numbers.length + others.length));
    expect(later).toEqual(later.map(() => first));
  });

  test("are asked again where the connection has died", async () => {
    const rawSql = "SELECT count(*)::int FROM other";
    for (let time = 0; time < TIMES; time++) {
      expect(await rows(rawSql)).toEqual([[1]]);
      const [[pid] = []] = await session();
      await admin.query("SELECT pg_terminate_backend($1)", [pid]);
    }
  });

  test("by many at once, some of which leave, are each answered", async () => {
    const busy = { settings: { maxOpenConns: 4 } };
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const signal = n % 3 === 0 ? AbortSignal.timeout(n >> 2) : undefined;
        const rawSql = `SELECT m, 'text' || m AS t FROM generate_series(1, 1000 + ${n % 5}) m`;
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
