import { setTimeout as delay } from "node:timers/promises";
import { startMariadb, startPostgres } from "@framewright/services";
import { afterAll, describe, expect, test } from "vitest";
import { residentBytes } from "../src/process-memory.js";
import { rowsOf, startSql } from "../src/sql-plugin.js";

const CALLERS = 100;
const POOL = 10;
const SECONDS = 5;

const databases = [
  {
    name: "PostgreSQL",
    engine: "postgres",
    server: await startPostgres({}),
    sleep: "pg_sleep(60)",
    sessions: "SELECT state FROM pg_stat_activity WHERE application_name = 'Grafana' AND pid <> pg_backend_pid()",
    idle: "idle",
    numbers: "SELECT generate_series(1, 2000000) AS n",
  },
  {
    name: "MariaDB",
    engine: "mysql",
    server: await startMariadb({}),
    sleep: "sleep(60)",
    sessions: "SELECT command FROM information_schema.processlist WHERE user = 'framewright' AND id <> connection_id()",
    idle: "Sleep",
    numbers: "SELECT seq AS n FROM seq_1_to_2000000",
  },
] as const;

describe.each(databases)("$name: many callers", ({ engine, server, sleep, sessions, idle, numbers }) => {
  afterAll(async () => {
    if (typeof server !== "string") {
      await server[Symbol.asyncDispose]();
    }
  });

  test.skipIf(typeof server === "string")(
    "each gets its own answer, whatever others give up; a restart costs only what runs then; nothing is left over",
    async () => {
      if (typeof server === "string") {
        return;
      }
      const running = server;
      await using sql = await startSql(running, engine);
      const settings = { maxOpenConns: POOL };
      const end = Date.now() + SECONDS * 1_000;
      const outcomes = new Map<string, number>();
      const note = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      // Errors may come from the moment that the server is told to stop until it is there again.
      let isAway = false;

      async function call(want: number): Promise<void> {
        const givesUp = want % 20 === 0;
        const mayFail = isAway;
        const controller = new AbortController();
        const rawSql = `SELECT ${want} AS number, ${givesUp ? sleep : "0"} AS waited`;
        const answer = sql.ask({ rawSql, settings, signal: controller.signal });
        if (givesUp) {
          setTimeout(() => controller.abort(), want % 100);
        }
        try {
          const { error, status, frames } = await answer;
          if (error === undefined) {
            note(frames.map(rowsOf)[0]?.[0]?.[0] === want ? "answered" : "answered with something else");
          } else {
            note(mayFail || isAway || status === 502 ? "lost by the restart" : error);
          }
        } catch (error) {
          note(givesUp ? "given up" : String(error));
        }
      }

      async function restart(): Promise<void> {
        await delay((SECONDS / 2) * 1_000);
        isAway = true;
        await running.restart?.();
        isAway = false;
      }

      async function caller(first: number): Promise<void> {
        for (let want = first; Date.now() < end; want += CALLERS) {
          await call(want);
        }
      }

      await Promise.all([restart(), ...Array.from({ length: CALLERS }, (_, first) => caller(first + 1))]);
      expect([...outcomes.keys()].sort()).toEqual(["answered", "given up", "lost by the restart"]);

      // What was given up last may just be ending.
      await expect
        .poll(async () => rowsOf(await sql.frame({ rawSql: sessions, settings })).flat(), { timeout: 10_000 })
        .toSatisfy((states: unknown[]) => states.length < POOL && states.every((state) => state === idle));
    },
  );

  test.skipIf(typeof server === "string")("a table in pieces takes no more memory than a few of them", async () => {
    if (typeof server === "string") {
      return;
    }
    await using sql = await startSql(server, engine);
    const rawSql = `SELECT n, 'a text of some length' AS words, n * 0.5 AS half FROM (${numbers}) AS s`;
    const query = { refId: "A", json: { rawSql, format: "table" } };
    const context = sql.context({}, {}, { GF_SQL_ROW_LIMIT: "10000000" });
    let rows = 0;
    let most = 0;
    for await (const { frame, error } of sql.plugin.queryChunkedData({ context, queries: [query] })) {
      expect(error).toBeUndefined();
      rows += frame?.length ?? 0;
      most = Math.max(most, residentBytes(sql.plugin.pid));
    }
    expect(rows).toBe(2_000_000);
    // The rows alone are more than 80 MB, and a plugin that does nothing has 60.
    expect(most).toBeLessThan(200_000_000);
  });
});
