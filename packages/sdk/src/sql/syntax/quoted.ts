import type { SqlSyntax } from "./sql-syntax.js";

/** What the functions here return where the end is missing. */
export const NOT_CLOSED = -1;

/** The end of quoted text whose first character is at `start`. The closing quote, doubled, belongs to the text. */
export function endOfQuote(sql: string, start: number, close: string, backslash: boolean): number {
  const closeCode = close.charCodeAt(0);
  for (let at = start; at < sql.length; at++) {
    const code = sql.charCodeAt(at);
    if (backslash && code === 0x5c) {
      at++;
    } else if (code === closeCode) {
      if (sql.charCodeAt(at + 1) !== closeCode) {
        return at + 1;
      }
      at++;
    }
  }
  return NOT_CLOSED;
}

/**
 * The end of an `E'…'` whose quote is at `start`. Such a text goes on in another quote behind a line break, with the
 * same meaning of the backslash.
 */
export function endOfEscapeString(sql: string, start: number): number {
  let end = endOfQuote(sql, start + 1, "'", true);
  while (end !== NOT_CLOSED) {
    const next = startOfContinuation(sql, end);
    if (next === NOT_CLOSED) {
      break;
    }
    end = endOfQuote(sql, next + 1, "'", true);
  }
  return end;
}

/** Where the quote of a continued text is: behind spaces and line comments, a line break at least among them. */
function startOfContinuation(sql: string, start: number): number {
  let broken = false;
  for (let at = start; at < sql.length; at++) {
    const character = sql.charAt(at);
    if (character === "\n" || character === "\r") {
      broken = true;
    } else if (character === "'") {
      return broken ? at : NOT_CLOSED;
    } else if (character === "-" && sql[at + 1] === "-") {
      at = endOfLine(sql, at, "lf-or-cr") - 1;
    } else if (!/[ \t\f\v]/.test(character)) {
      return NOT_CLOSED;
    }
  }
  return NOT_CLOSED;
}

/** The end of the line that `start` is in, without the line break. */
export function endOfLine(sql: string, start: number, lineEnds: SqlSyntax["lineEnds"]): number {
  for (let at = start; at < sql.length; at++) {
    const code = sql.charCodeAt(at);
    if (code === 0x0a || (code === 0x0d && lineEnds === "lf-or-cr")) {
      return at;
    }
  }
  return sql.length;
}

/** The end of a comment whose slash is at `start`. */
export function endOfBlockComment(sql: string, start: number, nested: boolean): number {
  let depth = 0;
  for (let at = start; at < sql.length - 1; at++) {
    const code = sql.charCodeAt(at);
    const next = sql.charCodeAt(at + 1);
    if (code === 0x2a && next === 0x2f) {
      depth--;
      at++;
      if (depth === 0) {
        return at + 1;
      }
    } else if (code === 0x2f && next === 0x2a && (nested || depth === 0)) {
      depth++;
      at++;
    }
  }
  return NOT_CLOSED;
}

/** A name as it stands between the dollar signs. */
const TAG = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y;

/** The end of a dollar quote that begins at `start`; `undefined` where none begins. */
export function endOfDollarQuote(sql: string, start: number): number | undefined {
  TAG.lastIndex = start + 1;
  const tagEnd = TAG.test(sql) ? TAG.lastIndex : start + 1;
  if (sql[tagEnd] !== "$") {
    return undefined;
  }
  const delimiter = sql.slice(start, tagEnd + 1);
  const close = sql.indexOf(delimiter, tagEnd + 1);
  return close < 0 ? NOT_CLOSED : close + delimiter.length;
}
