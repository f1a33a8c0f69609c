import { describe, expect, test } from "vitest";
import { KnownStatement } from "../backend/postgres/known-statements.js";
import { SessionStatements } from "../backend/postgres/session-statements.js";

/** The letters of the messages in what is sent. */
function letters(parts: readonly Buffer[]): string {
  const bytes = Buffer.concat(parts);
  let found = "";
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
    found += String.fromCharCode(bytes.readUInt8(at));
  }
  return found;
}

/** Uses a query as often, each time taken. @returns how it was sent: whether it had a name, and by which messages */
function useOften(statements: SessionStatements, sql: string, times: number): [isNamed: boolean, letters: string][] {
  return Array.from({ length: times }, () => {
    const { name, messages } = statements.use(sql, known);
    statements.taken(sql, known);
    return [name !== "", letters(messages)];
  });
}

const known = new KnownStatement([{ name: "n", oid: 23, modifier: -1 }], [1]);

describe("SessionStatements", () => {
  test("names a query that comes often, and has it prepared once", () => {
    expect(useOften(new SessionStatements(), "SELECT 1", 5)).toEqual([
      [false, "PBDE"],
      [false, "PBDE"],
      [true, "CPBDE"],
      [true, "BDE"],
      [true, "BDE"],
    ]);
  });

  test("has it prepared again where it was not taken", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 1", 2);
    expect(letters(statements.use("SELECT 1", known).messages)).toBe("CPBDE");
    expect(letters(statements.use("SELECT 1", known).messages)).toBe("CPBDE");
  });

  test("asks for the columns that are known now", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 1", 4);
    const changed = new KnownStatement([{ name: "t", oid: 25, modifier: -1 }], [0]);
    const sent = (now: KnownStatement): Buffer => {
      const { messages } = statements.use("SELECT 1", now);
      statements.taken("SELECT 1", now);
      return Buffer.concat(messages);
    };
    const [before, first, second] = [sent(known), sent(changed), sent(changed)];
    expect(first.equals(before)).toBe(false);
    expect(second.equals(first)).toBe(true);
  });

  test("begins anew with what was forgotten", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 1", 4);
    useOften(statements, "SELECT 2", 4);
    statements.forget("SELECT 1");
    // The server is told, too.
    expect(useOften(statements, "SELECT 1", 1)).toEqual([[false, "CPBDE"]]);
    expect(useOften(statements, "SELECT 2", 1)).toEqual([[true, "BDE"]]);
    statements.hasSurroundings = true;
    statements.lost();
    expect(useOften(statements, "SELECT 2", 2)).toEqual([
      [false, "CPBDE"],
      [false, "PBDE"],
    ]);
    expect(statements.hasSurroundings).toBe(false);
  });

  test("keeps fifty, and has the server forget the others", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 0", 3);
    for (let query = 1; query < 50; query++) {
      useOften(statements, `SELECT ${query}`, 3);
      // Still in use, and so among the newest.
      expect(useOften(statements, "SELECT 0", 1)).toEqual([[true, "BDE"]]);
    }
    expect(useOften(statements, "SELECT 50", 1)).toEqual([[false, "CPBDE"]]);
    expect(useOften(statements, "SELECT 0", 1)).toEqual([[true, "BDE"]]);
    // The first one that was forgotten, which takes the place of the next one.
    expect(useOften(statements, "SELECT 1", 1)).toEqual([[false, "CPBDE"]]);
  });

  test("has the server forget a query that was prepared, though it was never taken", () => {
    const statements = new SessionStatements();
    for (let time = 0; time < 3; time++) {
      statements.use("SELECT 0", known);
    }
    for (let query = 1; query < 50; query++) {
      statements.use(`SELECT ${query}`, known);
    }
    expect(useOften(statements, "SELECT 50", 1)).toEqual([[false, "CPBDE"]]);
  });

  test("gives a query another name, and another text, in another time zone", () => {
    const prepared = [undefined, "UTC", "Asia/Kolkata"].map((timezone) => {
      const statements = new SessionStatements();
      statements.timezone = timezone;
      useOften(statements, "SELECT 1", 2);
      const { name, messages } = statements.use("SELECT 1", known);
      return { name, text: /\0(SELECT[^\0]*)\0/.exec(Buffer.concat(messages).toString("latin1"))?.[1] };
    });
    expect(new Set(prepared.map(({ name }) => name)).size).toBe(3);
    expect(prepared.map(({ text }) => text)).toEqual([
      "SELECT 1",
      "SELECT 1\n-- time zone UTC",
      "SELECT 1\n-- time zone Asia/Kolkata",
    ]);
  });

  test.each([
    "SELECT 'now'::timestamptz",
    "SELECT * FROM t WHERE time > 'TODAY'",
    "SELECT * FROM t WHERE time > $$yesterday 12:00$$",
    "SELECT date 'tomorrow', now()",
    "SELECT * FROM t WHERE time > ' now()'",
  ])("leaves alone what has the time of its parsing in it: %s", (sql) => {
    expect(useOften(new SessionStatements(), sql, 4).at(-1)).toEqual([false, "PBDE"]);
  });

  test.each(["SELECT known FROM snow", "SELECT * FROM t WHERE a = 'b' AND time > now() - interval '1 hour'"])(
    "names what only looks like it: %s",
    (sql) => {
      expect(useOften(new SessionStatements(), sql, 4).at(-1)).toEqual([true, "BDE"]);
    },
  );

  test.each(["SHOW all", "EXECUTE mine", "DEALLOCATE ALL", "SET a = 1", `SELECT '${"x".repeat(20_001)}'`])(
    "leaves others alone: %s",
    (sql) => {
      expect(useOften(new SessionStatements(), sql, 5)).toEqual(Array.from({ length: 5 }, () => [false, "PBDE"]));
    },
  );
});
