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
  /** Whether each byte comes on its own. */
  isBytewise: boolean;
}

async function startScissors(port: number): Promise<Scissors> {
  const rules = { cutAfter: undefined as number | undefined, isBytewise: false };
  const running = await listen(
    createServer((client: Socket) => {
      const upstream = connect(port, "127.0.0.1");
      client.setNoDelay(true);
      client.on("error", () => upstream.destroy());
      client.on("data", (chunk: Buffer) => upstream.write(chunk));
      client.on("close", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
      upstream.on("close", () => client.destroy());
      let sent = Promise.resolve();
      upstream.on("data", (chunk: Buffer) => {
        sent = sent.then(async () => {
          const part = chunk.subarray(0, rules.cutAfter ?? chunk.length);
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
