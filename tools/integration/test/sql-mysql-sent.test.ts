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

  test("step by step, where the server is not known to be able to do more, whatever it calls itself", async () => {
    const rewrite = (before: Buffer, chunk: Buffer): Buffer => {
      const copy = Buffer.from(chunk);
      // In the greeting, 28 bytes behind the version, is what MariaDB can; 4 says that it takes many rows at once.
      const at = before.length > 0 ? copy.length : copy.indexOf(0, 5) + 28;
      copy[at] = (copy[at] ?? 0) & ~4;
      return copy;
    };
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

  test("in one go again, after an error that passes", async () => {
    let batches = 0;
    const rewriteAsked = (chunk: Buffer): Buffer => {
      const copy = Buffer.from(chunk);
      const at = copy.indexOf(Buffer.from([0x17, 0xff, 0xff, 0xff, 0xff]));
      // No command has this number: error 1047.
      copy[at >= 0 && batches++ === 0 ? at : copy.length] = 0x7f;
      return copy;
    };
    expect(await commands(many, { rewriteAsked })).toEqual(["16 17+19", "16+17 19 03", "16+17 19"]);
  });

  test.each([
    ["the same", 0, true],
    ["another", 0.01, false],
  ])(
    "as text over %s connection, where what runs already has other columns, at %d s a row",
    async (_, seconds, isSame) => {
      await using admin = await connectMysqlAdmin(server);
      await admin.query(`CREATE OR REPLACE TABLE shifting SELECT n, d, 0e0 AS seconds FROM many WHERE n <= 300`);
      await using line = await startRelay(port);
      const over = { instead: { url: `127.0.0.1:${line.port}` } };
      const rawSql = "SELECT shifting.*, sleep(seconds) AS slept FROM shifting ORDER BY n";
      expect((await rows(rawSql, over)).length + (await rows(rawSql, over)).length).toBe(600);
      await admin.query(`ALTER TABLE shifting ADD f float DEFAULT 1.5; UPDATE shifting SET seconds = ${seconds}`);
      let asked = "";
      line.rules.rewriteAsked = (chunk) => {
        asked += chunk.toString("latin1");
        return chunk;
      };
      const before = line.open();
      expect((await rows(rawSql, over)).map((row) => row.slice(3))).toEqual(Array(300).fill([1.5, 0]));
      expect(asked).not.toContain("KILL");
      await expect.poll(() => line.open()).toHaveLength(1);
      expect(line.open()[0] === before[0]).toBe(isSame);
    },
  );

  test("with the server's words for what is too long for it, after which it ends the connection", async () => {
    const rawSql = `SELECT ${"1 + ".repeat(300_000)} 1`;
    await using admin = await connectMysqlAdmin(server);
    await admin.query("SET GLOBAL max_allowed_packet = 1048576");
    try {
      for (const binaryResults of [false, true, true]) {
        // A data source of its own: connections keep what they began with.
        const more = { settings: { ...settings, queryTimeout: 59, binaryResults } };
        expect(await ask(rawSql, more)).toMatchObject(refusal(502, "error 1153"));
      }
    } finally {
      await admin.query("SET GLOBAL max_allowed_packet = DEFAULT");
    }
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

  describe("to what is not as MariaDB:", () => {
    /** A line that changes answers, given the command that they answer. What it was asked last is kept, as {@link commands} gives it. */
    async function startChanging(change: (command: string, answer: Buffer) => Buffer) {
      const line = await startRelay(port);
      const pieces: string[] = [];
      const over = { instead: { url: `127.0.0.1:${line.port}` } };
      line.rules.rewriteAsked = (chunk) => {
        pieces.push(commandsIn(chunk).join("+"));
        return chunk;
      };
      line.rules.rewrite = (_, sent) => change(pieces.at(-1) ?? "", Buffer.from(sent));
      return Object.assign(line, {
        over,
        /** What was sent for something that is asked. */
        async commands(rawSql: string): Promise<string> {
          pieces.length = 0;
          expect(await rows(rawSql, over)).toEqual(await rows(rawSql, { settings: asText }));
          return pieces.join(" ");
        },
      });
    }

    test.each([
      ["a time of a length that none has", [0x07, 0xe8, 0x07, 1, 1, 10, 0, 0]],
      ["a text that is longer than its row", [0x03, 0x61, 0x62, 0x63]],
    ])("with %s in its binary rows, as text from then on", async (_, found) => {
      await using line = await startChanging((command, answer) => {
        const at = command.startsWith("17") ? answer.indexOf(Buffer.from(found)) : -1;
        answer[at < 0 ? answer.length : at] = found[0] === 7 ? 9 : 250;
        return answer;
      });
      const rawSql = "SELECT timestamp '2024-01-01 10:00:00' AS t, 'abc' AS x FROM seq_1_to_300";
      const error = /binary rows are not as MySQL's.* run the query again, .*binaryResults/;
      expect(await ask(rawSql, line.over)).toMatchObject(refusal(502, error));
      expect(await rows(rawSql, line.over)).toHaveLength(300);
      expect(await line.commands(many)).toBe("03");
    });

    test.each(["16", "17+19"])("with another answer to %s, as text at once", async (changed) => {
      await using line = await startChanging((command, answer) => {
        answer[command === changed ? 4 : answer.length] = 0xfe;
        return answer;
      });
      expect(await line.commands(many)).toMatch(/ 16 (17\+19 )?4e .*03$/);
      expect([await line.commands(many), await line.commands("SELECT 1")]).toEqual(["03", "03"]);
    });

    test("that runs nothing it has prepared, as text; and from the fourth one on at once", async () => {
      const error = Buffer.from("....\xff..#HY000not here", "latin1");
      error.writeUIntLE(error.length - 4, 0, 3);
      error[3] = 1;
      error.writeUInt16LE(9001, 5);
      await using line = await startChanging((command, answer) => (command === "17+19" ? error : answer));
      const asked: string[] = [];
      for (const value of [1, 2, 3, 4, 5]) {
        asked.push(await line.commands(`SELECT ${value}`));
      }
      expect(asked.map((pieces) => pieces.replace(/^.* (?=16)/, ""))).toEqual([
        "16 17+19 03",
        "16 17+19 03",
        "16 17+19 03",
        "03",
        "03",
      ]);
    });

    test("that prepares nothing, as text; and from the fourth one on at once", async () => {
      await using line = await startChanging((_, answer) => answer);
      const { rewriteAsked = (chunk) => chunk } = line.rules;
      line.rules.rewriteAsked = (chunk) => {
        const copy = Buffer.from(rewriteAsked(chunk));
        copy[commandsIn(chunk)[0] === "16" ? 4 : copy.length] = 0x7f;
        return copy;
      };
      const asked: string[] = [];
      for (const value of [1, 2, 3, 4, 5]) {
        asked.push((await line.commands(`SELECT ${value}`)).replace(/^.* (?=16)/, ""));
      }
      expect(asked).toEqual(["16 03", "16 03", "16 03", "03", "03"]);
    });

    test("that ends the connection at what was prepared last, step by step from then on", async () => {
      const rewriteAsked = (chunk: Buffer): Buffer => {
        const copy = Buffer.from(chunk);
        const at = copy.indexOf(Buffer.from([0x17, 0xff, 0xff, 0xff, 0xff]));
        // Quits.
        copy[at < 0 ? copy.length : at] = 0x01;
        return copy;
      };
      await using line = await startRelay(port, { rewriteAsked });
      const over = { instead: { url: `127.0.0.1:${line.port}` } };
      expect(await rows(many, over)).toHaveLength(2_000);
      expect(await ask(many, over)).toMatchObject(refusal(502, "the server closed the connection"));
      for (let time = 0; time < TIMES; time++) {
        expect(await rows(many, over)).toHaveLength(2_000);
      }
    });
  });
});
