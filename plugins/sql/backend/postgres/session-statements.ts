import { type KnownStatement, type Run, runDescribed, runUnnamed } from "./known-statements.js";
import * as messages from "./messages.js";
import { statementName } from "./statement-name.js";

/** So many queries are remembered of a session, and the longest of them, in characters. */
const MOST = 50;
const MOST_CHARACTERS = 20_000;

/** A query that came so often in one session, to the letter, is prepared there. Most never do: they have other times in them each time. */
const OFTEN = 3;

/** What else there is would gain nothing, and an EXECUTE names statements of its own. */
const WORTH_IT = /^\s*(?:SELECT|WITH|TABLE|VALUES)\b/i;

/**
 * Words in a text that the server replaces by a time as it parses the text, as in `'today'`: a statement that stays prepared would have
 * the time of then for ever. A function `now()` outside of a text is called each time.
 * Source: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-TABLE
 */
const TIME_OF_PARSING = /(?<![a-z])(?:now(?!\s*\()|today|tomorrow|yesterday)(?![a-z])|['$]\W{0,20}now\s*\(/i;

interface Remembered {
  uses: number;
  name?: string;
  /** What was known of it when the session prepared it, and what runs it. */
  prepared?: { readonly known: KnownStatement; readonly run: Run };
}

/** What a session has prepared, as far as this side knows. */
export class SessionStatements {
  /** Whether it has the statements that are sent around others. */
  hasSurroundings = false;
  /** The time zone that the session was told to have, if any: the server reads times in a statement by it as it prepares that. */
  timezone: string | undefined;
  readonly #queries = new Map<string, Remembered>();
  /** What tells the server to forget statements that are no longer wanted. */
  #closing: Buffer[] = [];

  /**
   * Notes that a query comes.
   *
   * @returns how to run it: under a name where it comes often
   */
  use(sql: string, known: KnownStatement): Run {
    const query = this.#remember(sql);
    const run = query === undefined || query.uses < OFTEN ? runUnnamed(sql, known) : this.#runNamed(query, sql, known);
    if (this.#closing.length === 0) {
      return run;
    }
    const closing = this.#closing;
    this.#closing = [];
    return { ...run, messages: [...closing, ...run.messages] };
  }

  /** Notes that a query was taken, under its name where it comes often. */
  taken(sql: string, known: KnownStatement): void {
    const query = this.#queries.get(sql);
    if (query !== undefined && query.uses >= OFTEN && query.prepared?.known !== known) {
      const name = this.#nameOf(query, sql);
      query.prepared = { known, run: { name, messages: [runDescribed(known.formats, name)] } };
    }
  }

  /** Notes that a query is not there under its name, or cannot be used any more. */
  forget(sql: string): void {
    const query = this.#queries.get(sql);
    if (query !== undefined) {
      this.#close(query, sql);
      this.#queries.delete(sql);
    }
  }

  /** Notes that the session has forgotten some, or all. */
  lost(): void {
    this.hasSurroundings = false;
    for (const [sql, query] of this.#queries) {
      this.#close(query, sql);
    }
    this.#queries.clear();
  }

  #remember(sql: string): Remembered | undefined {
    const query = this.#queries.get(sql) ?? (isWorthIt(sql) ? { uses: 0 } : undefined);
    if (query === undefined) {
      return undefined;
    }
    query.uses++;
    // Taken out first, so that one still in use counts among the newest.
    this.#queries.delete(sql);
    this.#queries.set(sql, query);
    if (this.#queries.size > MOST) {
      const [[oldest, forgotten] = [sql, query]] = this.#queries;
      this.#queries.delete(oldest);
      this.#close(forgotten, oldest);
    }
    return query;
  }

  /** Has the server forget a query that may have been prepared, also one that was never taken: it may have had another result. */
  #close(query: Remembered, sql: string): void {
    if (query.uses >= OFTEN) {
      this.#closing.push(messages.closeStatement(this.#nameOf(query, sql)));
    }
  }

  #runNamed(query: Remembered, sql: string, known: KnownStatement): Run {
    if (query.prepared?.known === known) {
      return query.prepared.run;
    }
    const name = this.#nameOf(query, sql);
    const run = runDescribed(known.formats, name);
    // Closed first, which is no error where there is none: it may have been prepared and nobody knows.
    const parse =
      query.prepared === undefined ? [messages.closeStatement(name), messages.parse(this.#textOf(sql), name)] : [];
    return { name, messages: [...parse, run] };
  }

  /** The name of a query, which takes a while to make. */
  #nameOf(query: Remembered, sql: string): string {
    query.name ??= statementName(this.#textOf(sql));
    return query.name;
  }

  /**
   * A query as it is prepared. Behind a pooler the session may be that of a client with another time zone next, and some poolers prepare a text
   * once for all clients: there it must be another statement.
   */
  #textOf(sql: string): string {
    return this.timezone === undefined ? sql : `${sql}\n-- time zone ${this.timezone.replaceAll(/[\r\n]/g, " ")}`;
  }
}

function isWorthIt(sql: string): boolean {
  return sql.length <= MOST_CHARACTERS && WORTH_IT.test(sql) && !TIME_OF_PARSING.test(sql);
}
