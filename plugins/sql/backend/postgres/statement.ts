import { DownstreamError } from "@framewright/sdk";
import type { ConnectionPool, Lease } from "@framewright/sdk/sql";
import { ConnectionLostError } from "../wire/wire-connection.js";
import type { DescribedColumn } from "./column-types.js";
import * as messages from "./messages.js";
import type { PostgresConnection } from "./postgres-connection.js";
import { type ServerError, toDownstreamError } from "./server-error.js";

/** How statements are run. */
export interface StatementOptions {
  /** What comes before each, such as `BEGIN READ ONLY`; undefined for nothing. */
  readonly before: string | undefined;
  /** What comes behind it, if there was something before. */
  readonly after: string | undefined;
}

/** Frees the locks that are a session's, and that no transaction's end frees. */
export const freeLocks = "SELECT pg_advisory_unlock_all()";

/** How long the server may take to end what a statement has left, in ms, before its connection is given up. */
const GIVE_BACK_MS = 10_000;

/** What a statement is made of. */
interface Prepared {
  readonly lease: Lease<PostgresConnection>;
  readonly sql: string;
  readonly columns: readonly DescribedColumn[];
  readonly signal: AbortSignal;
  readonly options: StatementOptions;
  /** What the signal does; taken back when the statement ends. */
  readonly abort: () => void;
}

/** A statement that the server has taken, on a connection that is its own until it ends. */
export class Statement {
  readonly columns: readonly DescribedColumn[];
  readonly connection: PostgresConnection;
  readonly #prepared: Prepared;

  private constructor(prepared: Prepared) {
    this.columns = prepared.columns;
    this.connection = prepared.lease.connection;
    this.#prepared = prepared;
  }

  /**
   * Has the server parse a statement and say what its columns are. Nothing is run by it, so where a connection of the pool turns out
   * to have died, another one is asked.
   *
   * @param values how many values there will be for `$1`, `$2` and so on
   * @throws DownstreamError with what is wrong with the statement, or why there is no connection
   */
  static async prepare(
    pool: ConnectionPool<PostgresConnection>,
    sql: string,
    signal: AbortSignal,
    options: StatementOptions,
    values = 0,
  ): Promise<Statement> {
    const lease = await pool.acquire(signal);
    try {
      return new Statement(await prepareOn(lease, sql, signal, options, values));
    } catch (error) {
      if (!lease.reused || !(error instanceof ConnectionLostError)) {
        throw error;
      }
    }
    const fresh = await pool.acquire(signal, { fresh: true });
    return new Statement(await prepareOn(fresh, sql, signal, options, values));
  }

  /** Runs it. Its rows are to be read next. @param formats of the columns: 0 for text, 1 for binary */
  execute(values: readonly string[], formats: readonly number[]): void {
    const { after } = this.#prepared.options;
    const run = [messages.bind(values, formats), messages.execute, messages.sync];
    if (after === undefined) {
      this.connection.send(1, ...run);
    } else {
      this.connection.send(2, ...run, messages.query(after));
    }
  }

  /** Waits for more bytes. @throws ConnectionLostError; the signal's reason */
  more(): Promise<void> {
    return this.connection.more(this.#prepared.signal);
  }

  /** Goes to the next message. @returns its letter @throws ConnectionLostError; the signal's reason */
  next(): Promise<number> {
    return this.connection.next(this.#prepared.signal);
  }

  /** What the server's error becomes: where the signal had it stopped, its reason. */
  problem(error: ServerError): unknown {
    const { signal, sql } = this.#prepared;
    return signal.aborted ? signal.reason : toDownstreamError(error, sql);
  }

  /**
   * Reads what is left, and gives the connection back. Never throws.
   * @param stop has the server stop first: there is more than is wanted. That is not waited for
   */
  async end(stop: boolean): Promise<void> {
    const { signal, abort } = this.#prepared;
    signal.removeEventListener("abort", abort);
    const given = giveBack(this.#prepared, stop);
    if (!stop) {
      await orAbort(given, signal);
    }
  }

  /** Ends a statement that was prepared and will not be run. */
  async discard(): Promise<void> {
    const { after } = this.#prepared.options;
    if (after !== undefined) {
      this.connection.send(1, messages.query(after));
    }
    await this.end(false);
  }
}

async function prepareOn(
  lease: Lease<PostgresConnection>,
  sql: string,
  signal: AbortSignal,
  options: StatementOptions,
  values: number,
): Promise<Prepared> {
  const { before, after } = options;
  const { connection } = lease;
  const abort = (): void => {
    void connection.cancel();
    connection.wake();
  };
  signal.addEventListener("abort", abort, { once: true });
  let begun = false;
  try {
    const prepare = [messages.parse(sql), messages.describeStatement, messages.sync];
    signal.throwIfAborted();
    if (before === undefined) {
      connection.send(1, ...prepare);
    } else {
      connection.send(2, messages.query(before), ...prepare);
      begun = true;
    }
    const { error, columns, parameters } = await connection.untilReady(signal);
    if (error !== undefined) {
      throw toDownstreamError(error, sql);
    }
    if (parameters !== values) {
      throw new DownstreamError("the query has a parameter such as $1, for which there is no value", { status: 400 });
    }
    return { lease, sql, columns, signal, options, abort };
  } catch (error) {
    signal.removeEventListener("abort", abort);
    const told = connection.readingError(error);
    if (begun && after !== undefined && !(told instanceof ConnectionLostError)) {
      connection.send(1, messages.query(after));
    }
    const given = giveBack({ lease, sql, options }, false);
    await orAbort(given, signal);
    throw signal.aborted ? signal.reason : told;
  }
}

/** Waits until the work is done, or nobody waits any more. */
async function orAbort(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    return;
  }
  await new Promise<void>((resolve) => {
    const done = (): void => resolve();
    signal.addEventListener("abort", done, { once: true });
    void work.then(() => {
      signal.removeEventListener("abort", done);
      resolve();
    });
  });
}

async function giveBack(
  { lease, sql, options }: Pick<Prepared, "lease" | "sql" | "options">,
  stop: boolean,
): Promise<void> {
  const { connection } = lease;
  const timer = setTimeout(() => connection.close(), GIVE_BACK_MS).unref();
  try {
    if (stop) {
      void connection.cancel();
    }
    await connection.drain();
    await connection.settle();
    const rest = leftBehind(connection, sql, options);
    if (rest !== "") {
      connection.send(1, messages.query(rest));
      await connection.drain();
    }
    lease.release(connection.isInTransaction ? "broken" : "usable");
  } catch {
    lease.release("broken");
  } finally {
    clearTimeout(timer);
  }
}

/** What frees the next caller of what a statement has left in the session; where something came behind it, that did. */
function leftBehind({ isInTransaction }: PostgresConnection, sql: string, { after }: StatementOptions): string {
  if (isInTransaction) {
    return `ROLLBACK; ${freeLocks}`;
  }
  return after === undefined && /advisory/i.test(sql) ? freeLocks : "";
}
