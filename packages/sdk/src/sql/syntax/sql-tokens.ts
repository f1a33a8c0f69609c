import { endOfBlockComment, endOfDollarQuote, endOfEscapeString, endOfLine, endOfQuote, NOT_CLOSED } from "./quoted.js";
import type { SqlQuote, SqlSyntax } from "./sql-syntax.js";

/**
 * - `quoted`: text or a name between quotes, with them;
 * - `line-comment`: up to, and without, the end of the line;
 * - `macro`: `$__` and the name behind it;
 * - `word`: a keyword, a name or a number;
 * - `open`, `close`: one of `(`, `[` or of `)`, `]`;
 * - `other`: a character that is none of these.
 */
export type SqlTokenKind =
  | "quoted"
  | "line-comment"
  | "block-comment"
  | "macro"
  | "word"
  | "open"
  | "close"
  | "comma"
  | "semicolon"
  | "space"
  | "other";

/** A piece of an SQL text. */
export interface SqlToken {
  /** What kind of text it is. */
  readonly kind: SqlTokenKind;
  /** Where it begins. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  /** `false` for quoted text and a comment whose end is missing; they reach to the end of the text. */
  readonly closed: boolean;
}

/** The characters that alone say what they are. */
const single: ReadonlyMap<number, SqlTokenKind> = new Map([
  [0x28, "open"],
  [0x5b, "open"],
  [0x29, "close"],
  [0x5d, "close"],
  [0x2c, "comma"],
  [0x3b, "semicolon"],
]);

/**
 * The pieces of an SQL text, one behind the other, without a gap. It takes a time in proportion to the text, whatever that
 * is, and never fails.
 */
export function* sqlTokens(sql: string, syntax: SqlSyntax): Generator<SqlToken, void, undefined> {
  const quotes = quotesOf(syntax);
  for (let start = 0; start < sql.length; ) {
    const token = tokenAt(sql, start, syntax, quotes);
    yield token;
    start = token.end;
  }
}

/** The quotes of each syntax, by the character that opens them. */
const knownQuotes = new WeakMap<readonly SqlQuote[], ReadonlyMap<number, SqlQuote>>();

function quotesOf({ quotes }: SqlSyntax): ReadonlyMap<number, SqlQuote> {
  let byCode = knownQuotes.get(quotes);
  if (byCode === undefined) {
    byCode = new Map(quotes.map((quote) => [quote.open.charCodeAt(0), quote]));
    knownQuotes.set(quotes, byCode);
  }
  return byCode;
}

function tokenAt(sql: string, start: number, syntax: SqlSyntax, quotes: ReadonlyMap<number, SqlQuote>): SqlToken {
  const code = sql.charCodeAt(start);
  if (isSpace(code)) {
    return token("space", start, endOf(sql, start + 1, isSpace));
  }
  if (isWord(code)) {
    const end = endOfWord(sql, start, syntax);
    return syntax.escapeStrings && end === start + 1 && (code === 0x45 || code === 0x65) && sql[end] === "'"
      ? closable("quoted", sql, start, endOfEscapeString(sql, end))
      : token("word", start, end);
  }
  const quote = quotes.get(code);
  if (quote !== undefined) {
    return closable("quoted", sql, start, endOfQuote(sql, start + 1, quote.close, quote.backslash));
  }
  const kind = single.get(code);
  if (kind !== undefined) {
    return token(kind, start, start + 1);
  }
  const special = code === 0x24 ? dollarAt(sql, start, syntax) : commentAt(sql, start, code, syntax);
  return special ?? token("other", start, start + 1);
}

function commentAt(sql: string, start: number, code: number, syntax: SqlSyntax): SqlToken | undefined {
  const next = sql.charCodeAt(start + 1);
  if (code === 0x2d && next === 0x2d) {
    const third = sql.charCodeAt(start + 2);
    return syntax.dashComments === "always" || Number.isNaN(third) || third <= 0x20
      ? token("line-comment", start, endOfLine(sql, start, syntax.lineEnds))
      : undefined;
  }
  if (code === 0x23 && syntax.hashComments) {
    return token("line-comment", start, endOfLine(sql, start, syntax.lineEnds));
  }
  if (code !== 0x2f || next !== 0x2a) {
    return undefined;
  }
  if (syntax.executableComments && (sql.startsWith("!", start + 2) || sql.startsWith("M!", start + 2))) {
    return token("other", start, sql.indexOf("!", start) + 1);
  }
  return closable("block-comment", sql, start, endOfBlockComment(sql, start, syntax.nestedComments));
}

/** A dollar quote wins over a macro, as it would in PostgreSQL: `$__a$` begins one. */
function dollarAt(sql: string, start: number, { dollarQuotes }: SqlSyntax): SqlToken | undefined {
  const end = dollarQuotes ? endOfDollarQuote(sql, start) : undefined;
  if (end !== undefined) {
    return closable("quoted", sql, start, end);
  }
  return isMacroAt(sql, start) ? token("macro", start, endOf(sql, start + 3, isMacroName)) : undefined;
}

/** Whether `$__` and a name stand at `start`. */
function isMacroAt(sql: string, start: number): boolean {
  return sql.startsWith("$__", start) && isMacroName(sql.charCodeAt(start + 3));
}

/** Names hold dollar signs where these also quote, but a macro is one in any place. Numbers hold none. */
function endOfWord(sql: string, start: number, { dollarQuotes }: SqlSyntax): number {
  let end = endOf(sql, start + 1, isWord);
  while (dollarQuotes && sql[end] === "$" && !isDigit(sql.charCodeAt(start)) && !isMacroAt(sql, end)) {
    end = endOf(sql, end + 1, isWord);
  }
  return end;
}

function endOf(sql: string, start: number, belongs: (code: number) => boolean): number {
  let end = start;
  while (end < sql.length && belongs(sql.charCodeAt(end))) {
    end++;
  }
  return end;
}

function closable(kind: SqlTokenKind, sql: string, start: number, end: number): SqlToken {
  return { kind, start, end: end === NOT_CLOSED ? sql.length : end, closed: end !== NOT_CLOSED };
}

function token(kind: SqlTokenKind, start: number, end: number): SqlToken {
  return { kind, start, end, closed: true };
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Letters, digits and the underscore, as in the name of a macro. */
function isMacroName(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}

/** Engines take every character beyond ASCII for a letter. */
function isWord(code: number): boolean {
  return isMacroName(code) || code > 0x7f;
}
