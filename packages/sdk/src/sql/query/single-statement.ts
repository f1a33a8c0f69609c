import { DownstreamError } from "../../errors.js";
import { positionText } from "../syntax/position.js";
import type { SqlSyntax } from "../syntax/sql-syntax.js";
import { sqlTokens } from "../syntax/sql-tokens.js";

/**
 * The one statement of a text, without a semicolon behind it, so that it can stand within another.
 *
 * It is a guard for sessions that may only read: a transaction that is read-only ends with the first of several statements. It
 * is no more than that: what a statement may do is for the transaction to forbid. The guard is right only if the server reads
 * quotes as the syntax says; use it together with a driver that sends one statement at a time.
 *
 * @throws {DownstreamError} with status 400 that says where, if there are several statements, none, or quoted text or a comment
 *   does not end
 */
export function requireSingleStatement(sql: string, syntax: SqlSyntax): string {
  const [start, end] = statementBounds(sql, syntax);
  if (syntax.executableComments) {
    // A server takes them for comments where their version is not its own: both readings have to give the same statement.
    const [, otherEnd] = statementBounds(
      sql,
      { ...syntax, executableComments: false },
      "the statement stands in a comment that the server may run",
    );
    if (otherEnd !== end) {
      throw badQuery(sql, Math.min(end, otherEnd), "a semicolon stands in a comment that the server may run");
    }
  }
  return sql.slice(start, end);
}

/**
 * The first word of a statement in upper case, such as `SELECT`, `WITH` or `EXPLAIN`, parentheses before it left out. Empty where
 * there is none, and where a comment that the server may run stands before it, as in `/*!SET*\/`: what such a statement is depends
 * on the server, so a guard that allows words has to refuse it.
 */
export function statementKeyword(sql: string, syntax: SqlSyntax): string {
  for (const { kind, start, end } of sqlTokens(sql, syntax)) {
    if (kind === "word") {
      return sql.slice(start, end).toUpperCase();
    }
    if (kind === "quoted" || kind === "other" || kind === "macro") {
      return "";
    }
  }
  return "";
}

/**
 * Where the statement begins, semicolons before it left out, and where the semicolon behind it is, or the end of the text.
 * @param noStatement what is wrong where there is none
 */
function statementBounds(
  sql: string,
  syntax: SqlSyntax,
  noStatement = "there is no statement",
): [start: number, end: number] {
  let begin = 0;
  let end = sql.length;
  let state: "before" | "within" | "behind" = "before";
  for (const token of sqlTokens(sql, syntax)) {
    const { kind, start, closed } = token;
    if (!closed) {
      const what = kind === "quoted" ? "quoted text" : "a comment";
      throw badQuery(sql, start, `${what} begins here and does not end`);
    }
    if (kind === "space" || kind === "line-comment" || kind === "block-comment") {
      continue;
    }
    if (kind !== "semicolon") {
      if (state === "behind") {
        throw badQuery(sql, start, "a second statement begins here; a query may have one only");
      }
      state = "within";
    } else if (state === "before") {
      begin = token.end;
    } else if (state === "within") {
      end = start;
      state = "behind";
    }
  }
  if (state === "before") {
    throw new DownstreamError(`query: ${noStatement}`, { status: 400 });
  }
  return [begin, end];
}

function badQuery(sql: string, at: number, problem: string): DownstreamError {
  return new DownstreamError(`query at ${positionText(sql, at)}: ${problem}`, { status: 400 });
}
