import { createServer } from "node:net";
import type { Frame } from "@framewright/data";
import { startPostgres } from "@framewright/services";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen } from "../src/data-server.js";
import { type Relay, startRelay } from "../src/relay.js";
import {
  connectAdmin,
  PIECE_ROWS,
  type RunningSql,
  refusal,
  rowsOf,
  type SqlAsk,
  startSql,
} from "../src/sql-plugin.js";
import { until } from "../src/until.js";

const server = await startPostgres({ settings: { standard_conforming_strings: "off" } });

describe.skipIf(typeof server === "string")("PostgreSQL: faults, and what they leave behind", () => {
  if (typeof server === "string") {
    return;
  }
  const { port } = server;
  let sql: RunningSql;
  let admin: pg.Client & AsyncDisposable;

  beforeAll(async () => {
    sql = await startSql(server);
    admin = await connectAdmin(server);
    await admin.query("CREATE TABLE locked_table (a int)");
  });

  afterAll(async () => {
    await admin[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function running(text: string): Promise<number> {
    const { rows } = await admin.query(
      "SELECT count(*)::int FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1",
      [`%${text}%`],
    );
    return rows[0].count;
  }

  const through = ({ port }: { readonly port: number }): Pick<SqlAsk, "instead"> => ({
    instead: { url: `127.0.0.1:${port}` },
  });

  /** Whether the server has sent an AuthenticationOk. */
  const isLoggedIn = (before: Buffer): boolean => before.includes("R\0\0\0\x08\0\0\0\0");

  /** A server that takes connections, and answers what it gets first with this. */
  function startFake(answer?: Buffer): ReturnType<typeof listen> {
    return listen(
      createServer((socket) => {
        socket.once("data", () => answer !== undefined && socket.write(answer));
      }),
    );
  }

  describe("a server that does not answer", () => {
    test("before the login", async () => {
      await using mute = await startFake();
      for (const settings of [{ connectTimeout: 0.3 }, { connectTimeout: 0.3, queryTimeout: 30 }]) {
        expect(await sql.ask({ rawSql: "SELECT 1", settings, ...through(mute) })).toMatchObject(
          refusal(504, `127.0.0.1:${mute.port} did not answer within 0.3 s; check host and port`),
        );
      }
    });

    test("and the query's own time is up first", async () => {
      await using mute = await startFake();
      for (const sslmode of ["disable", "require"]) {
        const settings = { queryTimeout: 0.3, sslmode };
        expect(await sql.ask({ rawSql: "SELECT 1", settings, ...through(mute) })).toMatchObject(
          refusal(504, "the query took longer than 0.3 s and was stopped"),
        );
      }
    });

    test("after the login: the connection does not stay behind", async () => {
      await using relay = await startRelay(server.port, {
        rewrite: (before, chunk) => (isLoggedIn(before) ? undefined : chunk),
      });
      expect(await sql.ask({ rawSql: "SELECT 1", settings: { connectTimeout: 0.5 }, ...through(relay) })).toMatchObject(
        refusal(504, "did not answer within 0.5 s"),
      );
      await until(() => relay.open().length === 0);
    });

    test("in the middle of its work: the caller does not wait until the connection is given up", async () => {
      await using relay = await startRelay(server.port);
      const settings = { queryTimeout: 1 };
      await sql.frame({ rawSql: "SELECT 1", settings, ...through(relay) });
      relay.rules.isStalled = true;
      expect(await sql.ask({ rawSql: "SELECT 1", settings, ...through(relay) })).toMatchObject(
        refusal(504, "the query took longer than 1 s and was stopped"),
      );
      expect(relay.open()).toContain(1);
    });
  });

  test("a server that has answered, and does not end: the answer does not wait beyond the query's time", async () => {
    let isOver = false;
    await using relay = await startRelay(port, {
      rewrite(_, chunk) {
        if (isOver) {
          return undefined;
        }
        const row = chunk.indexOf("marked value");
        isOver = row >= 0;
        return isOver ? chunk.subarray(0, chunk.indexOf("Z\0\0\0\x05T", row) + 6) : chunk;
      },
    });
    const rawSql = "SELECT 'marked value'";
    const frame = await sql.frame({ rawSql, settings: { queryTimeout: 1 }, ...through(relay) });
    expect(rowsOf(frame)).toEqual([["marked value"]]);
    expect(relay.open()).toContain(1);
  });

  test("a query that is given up while it connects waits for no lock", async () => {
    await using relay = await startRelay(server.port, { delayMs: (before) => (isLoggedIn(before) ? 600 : 0) });
    await using locker = await connectAdmin(server);
    await locker.query("BEGIN; LOCK TABLE locked_table IN ACCESS EXCLUSIVE MODE");
    try {
      const answers = await Promise.all(
        [0.3, 0.4, 0.5].map((queryTimeout) => {
          const settings = { queryTimeout, maxIdleConns: 0 };
          return sql.ask({ rawSql: "SELECT a AS while_connecting FROM locked_table", settings, ...through(relay) });
        }),
      );
      for (const answer of answers) {
        expect(answer).toMatchObject(refusal(504, "the query took longer than 0."));
      }
      await until(async () => (await running("while_connecting")) === 0);
    } finally {
      await locker.query("ROLLBACK");
    }
  });

  test("a query that cannot be stopped: its caller is told why it has no answer, and the server stops it in the end", async () => {
    await using relay = await startRelay(server.port);
    const settings = { queryTimeout: 0.5 };
    await sql.frame({ rawSql: "SELECT 1", settings, ...through(relay) });
    relay.rules.refuses = true;
    const rawSql = "SELECT pg_sleep(600) AS unstoppable";
    expect(await sql.ask({ rawSql, settings, ...through(relay) })).toMatchObject(
      refusal(504, "the query took longer than 0.5 s and was stopped"),
    );
    await until(async () => (await running("AS unstoppable")) === 0);
  });

  describe("bytes that are not PostgreSQL's", () => {
    const error = "the server sent what cannot be read; check that the URL leads to a PostgreSQL server";

    /** Replaces what comes after the login, from the first byte of a query's answer on. */
    function garbled(garbage: (chunk: Buffer) => Buffer): Promise<Relay> {
      let isNext = false;
      return startRelay(port, {
        rewrite(_, chunk) {
          const found = chunk.includes("marked");
          isNext ||= found;
          return isNext ? garbage(chunk) : chunk;
        },
      });
    }

    test.each([
      ["a length of 0", () => Buffer.from("D\0\0\0\0")],
      ["a length of 4 GB", () => Buffer.from("D\xff\xff\xff\xff", "latin1")],
      ["columns without an end", () => Buffer.from("T\0\0\0\x0a\0\x05abcd")],
      [
        "columns whose number is wrong",
        (chunk: Buffer) => {
          const changed = Buffer.from(chunk);
          changed[chunk.indexOf("marked") - 1] = 9;
          return changed;
        },
      ],
    ])("%s", async (_, garbage) => {
      await using relay = await garbled(garbage);
      const answer = await sql.ask({
        rawSql: "SELECT 1 AS marked",
        settings: { queryTimeout: 20 },
        ...through(relay),
      });
      expect(answer).toMatchObject(refusal(502, error));
    });

    test("in the login", async () => {
      await using relay = await startRelay(port, {
        rewrite: (_, chunk) => {
          const at = chunk.indexOf("R\0\0\0\x08\0\0\0\0");
          return at < 0 ? chunk : Buffer.concat([chunk.subarray(0, at + 8), Buffer.from([99]), chunk.subarray(at + 9)]);
        },
      });
      expect(await sql.ask({ rawSql: "SELECT 1", ...through(relay) })).toMatchObject(refusal(502, error));
    });

    test("instead of an answer to whether TLS is spoken", async () => {
      const busy = "SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0";
      const length = Buffer.alloc(4);
      length.writeInt32BE(busy.length + 4);
      const answers = [
        [
          Buffer.concat([Buffer.from("E"), length, Buffer.from(busy)]),
          503,
          "sorry, too many clients already (SQLSTATE 53300)",
        ],
        [Buffer.from("Ecould not fork new process\n\0"), 502, /^could not fork new process$/],
        [Buffer.from("N"), 502, "does not speak TLS; choose the TLS mode disable"],
        [
          Buffer.from("HTTP/1.1 400 Bad Request\r\n"),
          502,
          "does not answer as a PostgreSQL server; check host, port and engine",
        ],
      ] as const;
      // A MySQL server greets whoever comes.
      await using greeting = await startFake(Buffer.from("J\0\0\0\n8.0.36\0\b\0\0\0abcdefgh\0"));
      expect(await sql.ask({ rawSql: "SELECT 1", ...through(greeting) })).toMatchObject(
        refusal(502, "does not answer as a PostgreSQL server; check host, port and engine"),
      );
      for (const [answer, status, text] of answers) {
        await using fake = await startFake(answer);
        expect(await sql.ask({ rawSql: "SELECT 1", settings: { sslmode: "require" }, ...through(fake) })).toMatchObject(
          refusal(status, text),
        );
      }
    });
  });

  describe("what a query leaves behind", () => {
    const pidOf = async (settings: Record<string, unknown>): Promise<unknown> =>
      rowsOf(await sql.frame({ rawSql: "SELECT pg_backend_pid()", settings }))[0]?.[0];

    test("a transaction, be it one that has failed", async () => {
      const settings = { readOnly: false, maxOpenConns: 1 };
      const pid = await pidOf(settings);
      await sql.ask({ rawSql: "BEGIN", settings });
      expect(await sql.ask({ rawSql: "SELECT 1 / 0", settings })).toMatchObject(refusal(400, "division by zero"));
      await sql.ask({ rawSql: "BEGIN ISOLATION LEVEL SERIALIZABLE", settings });
      expect(rowsOf(await sql.frame({ rawSql: "SHOW transaction_isolation", settings }))).toEqual([["read committed"]]);
      expect(await pidOf(settings)).toBe(pid);
    });

    test.each([true, false])("a lock of the session, readOnly %s", async (readOnly) => {
      const settings = { readOnly, maxOpenConns: 1 };
      const pid = await pidOf(settings);
      await sql.frame({ rawSql: "SELECT pg_advisory_lock(4711)", settings });
      const { rows } = await admin.query("SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'");
      expect(rows).toEqual([{ count: 0 }]);
      expect(await pidOf(settings)).toBe(pid);
    });

    test("nothing, where there is a character with the code 0 in it", async () => {
      const settings = { maxOpenConns: 1 };
      const pid = await pidOf(settings);
      expect(await sql.ask({ rawSql: "SELECT 1\0", settings })).toMatchObject(
        refusal(400, "query: it has a character with the code 0 in it"),
      );
      expect(await pidOf(settings)).toBe(pid);
    });
  });

  test("a server whose literals have escapes reads the settings as they are", async () => {
    for (const readOnly of [true, false]) {
      const settings = { readOnly, searchPath: '"a\\", public' };
      expect(rowsOf(await sql.frame({ rawSql: "SHOW search_path", settings }))).toEqual([['"a\\", public']]);
    }
    expect(rowsOf(await sql.frame("SELECT '\\'"))).toEqual([["\\"]]);
  });

  describe("what Grafana's environment says", () => {
    const env = {
      PGPASSWORD: server.password,
      PGOPTIONS: "-c work_mem=12345kB",
      PGUSER: server.user,
      PGREPLICATION: "x",
    };

    test("is not what a data source asks for", async () => {
      await using other = await startSql(server, "postgres", env);
      expect(rowsOf(await other.frame("SHOW work_mem"))).not.toEqual([["12345kB"]]);
      expect(await other.ask({ rawSql: "SELECT 1", instead: { secureJsonData: {} } })).toMatchObject(
        refusal(401, "the server asks for a password"),
      );
      expect(await other.ask({ rawSql: "SELECT 1", instead: { user: "" } })).toMatchObject(
        refusal(400, "user: is missing"),
      );
    });
  });

  describe("pieces of a table", () => {
    async function piecesOf(rawSql: string, settings: Record<string, unknown> = {}): Promise<Frame[]> {
      const call = { context: sql.context(settings), queries: [{ refId: "A", json: { rawSql, format: "table" } }] };
      const pieces: Frame[] = [];
      for await (const { frame } of sql.plugin.queryChunkedData(call)) {
        pieces.push(...(frame === undefined ? [] : [frame]));
      }
      return pieces;
    }
    const told = (frame: Frame | undefined) => frame?.meta?.notices?.map(({ text }) => text);

    test("end with one that has rows, also where the row limit is a multiple of them", async () => {
      const rawSql = "SELECT n FROM generate_series(1, 200000) n";
      const limited = (rows: number) => [`Results have been limited to ${rows} because the SQL row limit was reached`];
      for (const rowLimit of [PIECE_ROWS, 2 * PIECE_ROWS]) {
        const pieces = await piecesOf(rawSql, { rowLimit });
        expect(pieces.map(({ length }) => length)).toEqual(
          Array.from({ length: rowLimit / PIECE_ROWS }, () => PIECE_ROWS),
        );
        expect(told(pieces.at(-1))).toEqual(limited(rowLimit));
        const { frames } = await sql.ask({ rawSql, settings: { rowLimit } });
        expect(frames.map((frame) => [frame.length, told(frame)])).toEqual([[rowLimit, limited(rowLimit)]]);
      }
      expect((await piecesOf(`SELECT n FROM generate_series(1, ${PIECE_ROWS}) n`)).map(told)).toEqual([undefined]);
    });

    test("tell once, in the last one, what does not fit, and count rows from the first", async () => {
      const rawSql =
        "SELECT CASE WHEN n IN (24000, 44000) THEN 'infinity' ELSE now() END AS t FROM generate_series(1, 48000) n";
      const notice = 'column "t": 2 values do not fit time and are left empty, first "infinity" in row 24000';
      expect((await piecesOf(rawSql)).map(told)).toEqual([undefined, undefined, [notice]]);
      expect((await sql.ask(rawSql)).frames.map(told)).toEqual([[notice]]);
    });
  });
});
