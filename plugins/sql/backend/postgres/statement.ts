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

/** A statement that the server has taken, on a connection that is its own until it ends. */
export class Statement {
  readonly columns: readonly DescribedColumn[];
  readonly sql: string;
  readonly connection: PostgresConnection;
  readonly #lease: Lease<PostgresConnection>;
  readonly #signal: AbortSignal;
  readonly #options: StatementOptions;
  readonly #abort: () => void;

  private constructor(
    lease: Lease<PostgresConnection>,
    sql: string,
    columns: readonly DescribedColumn[],
    signal: AbortSignal,
    options: StatementOptions,
    abort: () => void,
  ) {
    this.#lease = lease;
    this.connection = lease.connection;
    this.sql = sql;
    this.columns = columns;
    this.#signal = signal;
    this.#options = options;
    this.#abort = abort;
  }

  /**
   * Has the server parse a statement and say what its columns are. Nothing is run by it, so where a connection of the pool turns out
   * to have died, another one is asked.
   *
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
      return await prepareOn(lease, sql, signal, options, values, make);
    } catch (error) {
      if (!lease.reused || !(error instanceof ConnectionLostError)) {
        throw error;
      }
    }
    return prepareOn(await pool.acquire(signal, { fresh: true }), sql, signal, options, values, make);

    function make(on: Lease<PostgresConnection>, columns: readonly DescribedColumn[], abort: () => void): Statement {
      return new Statement(on, sql, columns, signal, options, abort);
    }
  }

  /** Runs it. Its rows are to be read next. @param formats of the columns: 0 for text, 1 for binary */
  execute(values: readonly string[], formats: readonly number[]): void {
    const { before, after } = this.#options;
    const run = [messages.bind(values, formats), messages.execute, messages.sync];
    if (before === undefined) {
      this.connection.send(1, ...run);
    } else {
      this.connection.send(2, ...run, messages.query(after));
    }
  }

  /** What the server's error becomes: where the signal had it stopped, its reason. */
  problem(error: ServerError): unknown {
    return this.#signal.aborted ? this.#signal.reason : toDownstreamError(error, this.sql);
  }

  /** Reads what is left, stops it before if that is long, and gives the connection back. Never throws. */
  async end(stop: boolean): Promise<void> {
    this.#signal.removeEventListener("abort", this.#abort);
    await giveBack(this.#lease, stop);
  }

  /** Ends a statement that was prepared and will not be run. */
  async discard(): Promise<void> {
    if (this.#options.before !== undefined) {
      this.connection.send(1, messages.query(this.#options.after));
    }
    await this.end(false);
  }
}

async function prepareOn(
  lease: Lease<PostgresConnection>,
  sql: string,
  signal: AbortSignal,
  { before, after }: StatementOptions,
  values: number,
  make: (lease: Lease<PostgresConnection>, columns: readonly DescribedColumn[], abort: () => void) => Statement,
): Promise<Statement> {
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
    return make(lease, columns, abort);
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
