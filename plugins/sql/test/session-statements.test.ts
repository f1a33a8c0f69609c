import { describe, expect, test } from "vitest";
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

/** Uses a query as often, each time taken. @returns how it was sent: whether it had a name, and which messages came before it was bound */
function useOften(statements: SessionStatements, sql: string, times: number): [isNamed: boolean, letters: string][] {
  return Array.from({ length: times }, () => {
    const { name, parse } = statements.use(sql);
    statements.taken(sql);
    return [name !== "", letters(parse)];
  });
}

describe("SessionStatements", () => {
  test("names a query that comes often, and has it prepared once", () => {
    expect(useOften(new SessionStatements(), "SELECT 1", 5)).toEqual([
      [false, "P"],
      [false, "P"],
      [true, "CP"],
      [true, ""],
      [true, ""],
    ]);
  });

  test("has it prepared again where it was not taken", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 1", 2);
    expect(letters(statements.use("SELECT 1").parse)).toBe("CP");
    expect(letters(statements.use("SELECT 1").parse)).toBe("CP");
  });

  test("begins anew with what was forgotten", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 1", 4);
    useOften(statements, "SELECT 2", 4);
    statements.forget("SELECT 1");
    expect(useOften(statements, "SELECT 1", 1)).toEqual([[false, "P"]]);
    expect(useOften(statements, "SELECT 2", 1)).toEqual([[true, ""]]);
    statements.hasSurroundings = true;
    statements.lost();
    expect(useOften(statements, "SELECT 2", 1)).toEqual([[false, "P"]]);
    expect(statements.hasSurroundings).toBe(false);
  });

  test("keeps fifty, and has the server forget the others", () => {
    const statements = new SessionStatements();
    useOften(statements, "SELECT 0", 3);
    for (let query = 1; query < 50; query++) {
      useOften(statements, `SELECT ${query}`, 3);
      // Still in use, and so among the newest.
      expect(useOften(statements, "SELECT 0", 1)).toEqual([[true, ""]]);
    }
    expect(useOften(statements, "SELECT 50", 1)).toEqual([[false, "CP"]]);
    expect(useOften(statements, "SELECT 0", 1)).toEqual([[true, ""]]);
    // The first one that was forgotten, which takes the place of the next one.
    expect(useOften(statements, "SELECT 1", 1)).toEqual([[false, "CP"]]);
  });

  test.each(["SHOW all", "EXECUTE mine", "DEALLOCATE ALL", "SET a = 1", `SELECT '${"x".repeat(20_001)}'`])(
    "leaves others alone: %s",
    (sql) => {
      expect(useOften(new SessionStatements(), sql, 5)).toEqual(Array.from({ length: 5 }, () => [false, "P"]));
    },
  );
});
