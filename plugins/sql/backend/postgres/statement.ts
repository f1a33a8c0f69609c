import { DownstreamError } from "@framewright/sdk";
import type { ConnectionPool, Lease } from "@framewright/sdk/sql";
import { ConnectionLostError } from "../wire/wire-connection.js";
import type { DescribedColumn } from "./column-types.js";
import * as messages from "./messages.js";
import type { PostgresConnection } from "./postgres-connection.js";
import { endsConnection, type ServerError, toDownstreamError } from "./server-error.js";

/** How statements are run. */
export interface StatementOptions {
  /** What comes before each, such as `BEGIN READ ONLY`; undefined for nothing. */
  readonly before: string | undefined;
  /** What comes behind it, if there was something before. */
  readonly after: string;
}

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
    const { before, after } = this.#prepared.options;
    const run = [messages.bind(values, formats), messages.execute, messages.sync];
    if (before === undefined) {
      this.connection.send(1, ...run);
    } else {
      this.connection.send(2, ...run, messages.query(after));
    }
  }

  /** What the server's error becomes: where the signal had it stopped, its reason. */
  problem(error: ServerError): unknown {
    const { signal, sql } = this.#prepared;
    return signal.aborted ? signal.reason : toDownstreamError(error, sql);
  }

  /** Reads what is left, stops it before if that is long, and gives the connection back. Never throws. */
  async end(stop: boolean): Promise<void> {
    const { signal, abort, lease } = this.#prepared;
    signal.removeEventListener("abort", abort);
    await giveBack(lease, stop);
  }

  /** Ends a statement that was prepared and will not be run. */
  async discard(): Promise<void> {
    const { before, after } = this.#prepared.options;
    if (before !== undefined) {
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
  const abort = (): void => void connection.cancel();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const prepare = [messages.parse(sql), messages.describeStatement, messages.sync];
    if (before === undefined) {
      connection.send(1, ...prepare);
    } else {
      connection.send(2, messages.query(before), ...prepare);
    }
    const { error, columns, parameters } = await connection.untilReady();
    if (error !== undefined && endsConnection(error)) {
      throw new ConnectionLostError(`the server ended the connection: ${error.message}; run the query again`);
    }
    signal.throwIfAborted();
    if (error !== undefined) {
      throw toDownstreamError(error, sql);
    }
    if (parameters !== values) {
      throw new DownstreamError("the query has a parameter such as $1, for which there is no value", { status: 400 });
    }
    return { lease, sql, columns, signal, options, abort };
  } catch (error) {
    signal.removeEventListener("abort", abort);
    if (before !== undefined && !(error instanceof ConnectionLostError)) {
      connection.send(1, messages.query(after));
    }
    await giveBack(lease, false);
    throw error;
  }
}

async function giveBack(lease: Lease<PostgresConnection>, stop: boolean): Promise<void> {
  const { connection } = lease;
  try {
    if (stop) {
      void connection.cancel();
    }
    await connection.drain();
    await connection.settle();
    lease.release();
  } catch {
    lease.release("broken");
  }
}
