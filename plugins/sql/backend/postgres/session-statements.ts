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
  isPrepared: boolean;
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
   * @returns what is to be sent before it is bound, and the name to bind it by, which is empty for one that does not come often
   */
  use(sql: string): { readonly name: string; readonly parse: readonly Buffer[] } {
    const query = this.#remember(sql);
    const closing = this.#closing;
    this.#closing = [];
    if (query === undefined || query.uses < OFTEN) {
      return { name: "", parse: [...closing, messages.parse(sql)] };
    }
    const name = statementName(sql);
    // Closed first, which is no error where there is none: it may have been prepared and nobody knows.
    const parse = query.isPrepared ? [] : [messages.closeStatement(name), messages.parse(sql, name)];
    return { name, parse: [...closing, ...parse] };
  }

  /** Notes that a query was taken under its name. */
  taken(sql: string): void {
    const query = this.#queries.get(sql);
    if (query !== undefined) {
      query.isPrepared = query.uses >= OFTEN;
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
    const query = this.#queries.get(sql) ?? { uses: 0, isPrepared: false };
    query.uses++;
    // Taken out first, so that one still in use counts among the newest.
    this.#queries.delete(sql);
    this.#queries.set(sql, query);
    if (this.#queries.size > MOST) {
      const [[oldest, { isPrepared }] = [sql, query]] = this.#queries;
      this.#queries.delete(oldest);
      if (isPrepared) {
        this.#closing.push(messages.closeStatement(statementName(oldest)));
      }
    }
    return query;
  }
}
