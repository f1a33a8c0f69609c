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
    const run = runOf(query, sql, known);
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
      const name = nameOf(query, sql);
      query.prepared = { known, run: { name, messages: [runDescribed(known.formats, name)] } };
    }
  }

  /** Notes that a query is not there under its name, or cannot be used any more. */
  forget(sql: string): void {
    this.#queries.delete(sql);
  }

  /** Notes that the session has forgotten all. */
  lost(): void {
    this.hasSurroundings = false;
    this.#queries.clear();
  }

  #remember(sql: string): Remembered | undefined {
    if (sql.length > MOST_CHARACTERS || !WORTH_IT.test(sql)) {
      return undefined;
    }
    const query = this.#queries.get(sql) ?? { uses: 0 };
    query.uses++;
    // Taken out first, so that one still in use counts among the newest.
    this.#queries.delete(sql);
    this.#queries.set(sql, query);
    if (this.#queries.size > MOST) {
      const [[oldest, forgotten] = [sql, query]] = this.#queries;
      this.#queries.delete(oldest);
      if (forgotten.prepared !== undefined) {
        this.#closing.push(messages.closeStatement(nameOf(forgotten, oldest)));
      }
    }
    return query;
  }
}

function runOf(query: Remembered | undefined, sql: string, known: KnownStatement): Run {
  if (query === undefined || query.uses < OFTEN) {
    return runUnnamed(sql, known);
  }
  if (query.prepared?.known === known) {
    return query.prepared.run;
  }
  const name = nameOf(query, sql);
  const run = runDescribed(known.formats, name);
  // Closed first, which is no error where there is none: it may have been prepared and nobody knows.
  const parse = query.prepared === undefined ? [messages.closeStatement(name), messages.parse(sql, name)] : [];
  return { name, messages: [...parse, run] };
}

/** The name of a query, which takes a while to make. */
function nameOf(query: Remembered, sql: string): string {
  query.name ??= statementName(sql);
  return query.name;
}
