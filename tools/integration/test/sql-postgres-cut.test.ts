import { connect, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { startPostgres } from "@framewright/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen, type RunningServer } from "../src/data-server.js";
import { type RunningSql, refusal, rowsOf, startSql } from "../src/sql-plugin.js";

const server = await startPostgres({});

/** A network that breaks where it is told to. */
interface Scissors extends RunningServer {
  /** After so many bytes that the server sends, the connection is cut; `undefined` for none. */
  cutAfter: number | undefined;
  /** After so many bytes that the server sends, nothing comes until another connection was opened and closed: that of a cancellation. */
  holdAfter: number | undefined;
  /** Whether each byte comes on its own. */
  isBytewise: boolean;
}

async function startScissors(port: number): Promise<Scissors> {
  const rules: Pick<Scissors, "cutAfter" | "holdAfter" | "isBytewise"> = {
    cutAfter: undefined,
    holdAfter: undefined,
    isBytewise: false,
  };
  let letGo = (): void => {};
  const running = await listen(
    createServer((client: Socket) => {
      const upstream = connect(port, "127.0.0.1");
      client.setNoDelay(true);
      client.on("error", () => upstream.destroy());
      client.on("data", (chunk: Buffer) => upstream.write(chunk));
      client.on("close", () => {
        upstream.destroy();
        letGo();
      });
      upstream.on("error", () => client.destroy());
      upstream.on("close", () => client.destroy());
      let sent = Promise.resolve();
      upstream.on("data", (chunk: Buffer) => {
        sent = sent.then(async () => {
          const part = chunk.subarray(0, rules.cutAfter ?? chunk.length);
          if (rules.holdAfter !== undefined) {
            client.write(chunk.subarray(0, rules.holdAfter));
            if (chunk.length < rules.holdAfter) {
              rules.holdAfter -= chunk.length;
              return;
            }
            const rest = chunk.subarray(rules.holdAfter);
            rules.holdAfter = undefined;
            await new Promise<void>((resolve) => {
              letGo = resolve;
            });
            client.write(rest);
            return;
          }
          for (let at = 0, end = 0; at < part.length; at = end) {
            end = rules.isBytewise ? at + 1 : part.length;
            client.write(part.subarray(at, end));
            await setImmediate();
          }
          if (rules.cutAfter !== undefined) {
            rules.cutAfter -= part.length;
            if (rules.cutAfter === 0) {
              rules.cutAfter = undefined;
              client.end();
              upstream.destroy();
            }
          }
        });
      });
    }),
  );
  return Object.assign(rules, running);
}

describe.skipIf(typeof server === "string")("PostgreSQL: an answer that breaks off", () => {
  if (typeof server === "string") {
    return;
  }
  let sql: RunningSql;
  let scissors: Scissors;

  beforeAll(async () => {
    sql = await startSql(server);
    scissors = await startScissors(server.port);
  });

  afterAll(async () => {
    await sql[Symbol.asyncDispose]();
    await scissors[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const expected = [
    [1, "text 1"],
    [2, "text 2"],
    [3, "text 3"],
  ];

  test.each([
    ["a query whose columns are known", { searchPath: "public" }],
    ["a query that may write", { readOnly: false }],
  ])("at any byte: %s", async (_, more) => {
    const settings = { maxOpenConns: 1, queryTimeout: 20, ...more };
    const ask = () =>
      sql.ask({
        rawSql: "SELECT n, 'text ' || n AS t FROM generate_series(1, 3) n",
        settings,
        instead: { url: `127.0.0.1:${scissors.port}` },
      });
    let answered = 0;
    for (let bytes = 0; answered < 2; bytes++) {
      expect((await ask()).frames.map(rowsOf)).toEqual([expected]);
      scissors.cutAfter = Math.max(1, bytes);
      const { frames, ...answer } = await ask();
      if (answer.error === undefined) {
        expect(frames.map(rowsOf)).toEqual([expected]);
      } else {
        expect(answer).toMatchObject(refusal(502, "the server closed the connection"));
      }
      // What was not reached shows that all of the answer is.
      answered = scissors.cutAfter === undefined ? 0 : answered + 1;
      scissors.cutAfter = undefined;
      expect(bytes).toBeLessThan(2_000);
    }
  });

  test.each([
    ["known", { searchPath: "public" }],
    ["new", { readOnly: false }],
  ])("or is waited for in vain, at any byte: the connection goes on, of a query that is %s", async (_, more) => {
    const settings = { maxOpenConns: 1, queryTimeout: 0.5, ...more };
    const ask = (rawSql: string) => sql.ask({ rawSql, settings, instead: { url: `127.0.0.1:${scissors.port}` } });
    const locks = "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'";
    const pid = (await ask("SELECT pg_backend_pid()")).frames.map(rowsOf);
    const rawSql = "SELECT n, pg_try_advisory_lock(n) FROM generate_series(1, 3) n";
    for (let bytes = 1; ; bytes += 23) {
      expect((await ask(rawSql)).error).toBeUndefined();
      scissors.holdAfter = bytes;
      const answer = await ask(rawSql);
      scissors.holdAfter = undefined;
      if (answer.error === undefined) {
        // All rows were there: such an answer is not stopped any more.
        expect(bytes).toBeGreaterThan(100);
        return;
      }
      expect(answer).toMatchObject(refusal(504, "the query took longer than 0.5 s"));
      expect((await ask("SELECT pg_backend_pid()")).frames.map(rowsOf)).toEqual(pid);
      expect((await ask(locks)).frames.map(rowsOf)).toEqual([[[0]]]);
    }
  });

  test("or comes byte by byte, is read as it is", async () => {
    scissors.isBytewise = true;
    for (const readOnly of [true, true, false]) {
      const { frames } = await sql.ask({
        rawSql: "SELECT n, 'text ' || n AS t FROM generate_series(1, 3) n",
        settings: { readOnly },
        instead: { url: `127.0.0.1:${scissors.port}` },
      });
      expect(frames.map(rowsOf)).toEqual([expected]);
    }
    scissors.isBytewise = false;
  });
});
