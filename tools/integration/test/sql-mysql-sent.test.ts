import { startMariadb } from "@framewright/services";
import type mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RelayRules, startRelay } from "../src/relay.js";
import { connectMysqlAdmin, type RunningSql, refusal, rowsOf, type SqlAsk, startSql } from "../src/sql-plugin.js";

const server = await startMariadb({});

/** How often each is asked: from the second time on it is known how many rows it has. */
const TIMES = 3;

describe.skipIf(typeof server === "string")("MariaDB: how statements are sent", () => {
  if (typeof server === "string") {
    return;
  }
  const { port } = server;
  let sql: RunningSql;

  beforeAll(async () => {
    sql = await startSql(server, "mysql");
    await using admin = await connectMysqlAdmin(server);
    await admin.query(
      "CREATE TABLE many (n int PRIMARY KEY, d double) SELECT seq AS n, seq / 2 AS d FROM seq_1_to_2000",
    );
  });

  afterAll(async () => {
    await sql[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const settings = { maxOpenConns: 1 };
  const asText = { ...settings, binaryResults: false };
  const ask = (rawSql: string, more: Partial<SqlAsk> = {}) => sql.ask({ rawSql, settings, ...more });
  const rows = async (rawSql: string, more: Partial<SqlAsk> = {}): Promise<unknown[][]> =>
    rowsOf(await sql.frame({ rawSql, settings, ...more }));

  /** What a client sends for each time that something is asked: the commands by their numbers, with a + between those that go together. */
  async function commands(rawSql: string, rules: RelayRules = {}): Promise<string[]> {
    await using line = await startRelay(port, rules);
    const over = { instead: { url: `127.0.0.1:${line.port}` } };
    await rows("SELECT 0", over);
    const { rewriteAsked = (chunk) => chunk } = rules;
    const times: string[] = [];
    for (let time = 0; time < TIMES; time++) {
      const pieces: string[] = [];
      line.rules.rewriteAsked = (chunk) => {
        pieces.push(commandsIn(chunk).join("+"));
        return rewriteAsked(chunk);
      };
      expect(await rows(rawSql, over)).toEqual(await rows(rawSql, { settings: asText }));
      // One that has no answer may go with the next one, or not.
      times.push(pieces.join(" ").replaceAll("19+03", "19 03"));
    }
    return times;
  }

  /** COM_QUERY is 03, COM_STMT_PREPARE 16, COM_STMT_EXECUTE 17, COM_STMT_CLOSE 19. */
  function commandsIn(chunk: Buffer): string[] {
    const found: string[] = [];
    for (let at = 0; at < chunk.length; at += 4 + chunk.readUIntLE(at, 3)) {
      found.push(chunk.toString("hex", at + 4, at + 5));
    }
    return found;
  }

  const many = "SELECT * FROM many ORDER BY n";

  test("in one go, where there were many rows", async () => {
    expect(await commands(many)).toEqual(["16 17+19", "16+17 19", "16+17 19"]);
  });

  test("as text, where there were few", async () => {
    expect(await commands("SELECT 1")).toEqual(["16 17+19", "03", "03"]);
  });

  test("as text, where their columns are better so", async () => {
    expect(await commands("SELECT n, round(d, 1) FROM many ORDER BY n")).toEqual(["16 19 03", "03", "03"]);
  });

  test("as text, where they leave something in the session", async () => {
    const [first = ""] = await commands("SELECT n, @a := n FROM many ORDER BY n");
    expect(first).toMatch(/^03/);
  });

  test("step by step, where the server is another one", async () => {
    const rewrite = (before: Buffer, chunk: Buffer): Buffer =>
      before.length > 0 ? chunk : Buffer.from(chunk.toString("latin1").replaceAll("MariaDB", "ThisOne"), "latin1");
    expect(await commands(many, { rewrite })).toEqual(["16 17+19", "16 17+19", "16 17+19"]);
  });

  test("step by step, where something between here and the server does not know what was prepared last", async () => {
    const rewriteAsked = (chunk: Buffer): Buffer => {
      const copy = Buffer.from(chunk);
      const at = copy.indexOf(Buffer.from([0x17, 0xff, 0xff, 0xff, 0xff]));
      copy[at < 0 ? copy.length : at + 1] = 0x7f;
      return copy;
    };
    expect(await commands(many, { rewriteAsked })).toEqual(["16 17+19", "16+17 19 03", "16 17+19"]);
  });

  test("as text, where what was prepared is not known any more", async () => {
    const rewriteAsked = (chunk: Buffer): Buffer => {
      const copy = Buffer.from(chunk);
      copy[commandsIn(chunk)[0] === "17" ? 5 : copy.length] = 0x7f;
      return copy;
    };
    expect(await commands(many, { rewriteAsked })).toEqual(["16 17+19 03", "03", "03"]);
  });

  test.each(["SELECT n FROM many", "SELECT n, sleep(n * 0) FROM many"])(
    "abandoned at whatever moment over a slow line, they leave nothing: %s",
    async (rawSql) => {
      await using line = await startRelay(port, { delayMs: () => 20 });
      const over = { instead: { url: `127.0.0.1:${line.port}` } };
      const before = await rows("SELECT connection_id()", over);
      await rows(rawSql, over);
      for (let moment = 0; moment < 40; moment++) {
        // Every other one is new, and so takes its steps.
        const asked = moment % 2 === 0 ? rawSql : `${rawSql} WHERE n <> ${moment + 5_000}`;
        const signal = AbortSignal.timeout(moment * 3);
        await ask(asked, { ...over, signal }).catch(() => {});
      }
      expect(await rows("SELECT connection_id()", over)).toEqual(before);
      expect(await rows(rawSql, over)).toHaveLength(2_000);
      await using admin = await connectMysqlAdmin(server);
      const statement =
        "SELECT variable_value AS value FROM information_schema.global_status WHERE variable_name = 'Prepared_stmt_count'";
      await expect.poll(async () => (await admin.query<mysql.RowDataPacket[]>(statement))[0][0]?.["value"]).toBe("0");
    },
  );

  test.each([
    ["a time of a length that none has", [0x07, 0xe8, 0x07, 1, 1, 10, 0, 0]],
    ["a text that is longer than its row", [0x03, 0x61, 0x62, 0x63]],
  ])("bytes that are no binary row: %s", async (_, found) => {
    await using line = await startRelay(port);
    const over = { instead: { url: `127.0.0.1:${line.port}` } };
    await rows("SELECT 1", over);
    line.rules.rewrite = (_before, sent) => {
      const copy = Buffer.from(sent);
      const at = copy.indexOf(Buffer.from(found));
      copy[at < 0 ? copy.length : at] = found[0] === 7 ? 9 : 250;
      return copy;
    };
    const rawSql = "SELECT timestamp '2024-01-01 10:00:00' AS t, 'abc' AS x FROM seq_1_to_300";
    expect(await ask(rawSql, over)).toMatchObject(refusal(502, "unexpected bytes from the server"));
    delete line.rules.rewrite;
    expect(await rows(rawSql, over)).toHaveLength(300);
  });
});
