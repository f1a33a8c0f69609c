import { DownstreamError } from "@framewright/sdk";
import type { ConnectionPool, Lease } from "@framewright/sdk/sql";
import { ConnectionLostError } from "../wire/wire-connection.js";
import type { DescribedColumn } from "./column-types.js";
import { giveBack, giveBackNow, orAbort } from "./give-back.js";
import { type KnownStatement, runUnnamed } from "./known-statements.js";
import * as messages from "./messages.js";
import type { NamedStatements } from "./named-statements.js";
import type { PostgresConnection } from "./postgres-connection.js";
import { NO_STATEMENT, type ServerError, toDownstreamError } from "./server-error.js";
import type { Surroundings } from "./surroundings.js";

const { Letter } = messages;

/** What a client did does not fit what the server has: here, values or formats that the statement has no use for. */
const PROTOCOL_VIOLATION = "08P01";

/** A statement was stopped, which says nothing of what the session has prepared. */
const QUERY_CANCELED = "57014";

/** A prepared statement has other columns by now; other things, too. */
const NOT_SUPPORTED = "0A000";

/** Where statements run, and what is around each. */
export interface StatementContext {
  readonly pool: ConnectionPool<PostgresConnection>;
  readonly around: Surroundings | undefined;
  readonly named: NamedStatements;
}

/** A statement and its connection. */
interface Begun extends Pick<StatementContext, "around"> {
  readonly lease: Lease<PostgresConnection>;
  readonly sql: string;
  readonly columns: readonly DescribedColumn[];
  readonly signal: AbortSignal;
  /** What the signal does; taken back when the statement ends. */
  readonly abort: () => void;
  readonly isBatch: boolean;
}

/** A statement that the server has taken, on a connection that is its own until it ends. */
export class Statement {
  readonly columns: readonly DescribedColumn[];
  readonly connection: PostgresConnection;
  /** Whether it runs as a part of a batch: what comes behind its rows is no concern of its. */
  readonly isBatch: boolean;
  readonly #begun: Begun;

  private constructor(begun: Begun) {
    this.columns = begun.columns;
    this.connection = begun.lease.connection;
    this.isBatch = begun.isBatch;
    this.#begun = begun;
  }

  /**
   * Has the server parse a statement and say what its columns are. Nothing is run by it, so where a connection of the pool turns out
   * to have died, another one is asked.
   *
   * @param values how many values there will be for `$1`, `$2` and so on
   * @throws DownstreamError with what is wrong with the statement, or why there is no connection
   */
  static async prepare(
    { pool, around }: StatementContext,
    sql: string,
    signal: AbortSignal,
    values = 0,
  ): Promise<Statement> {
    const lease = await pool.acquire(signal);
    try {
      return new Statement(await prepareOn({ lease, sql, signal, around }, values));
    } catch (error) {
      if (!lease.reused || !(error instanceof ConnectionLostError)) {
        throw error;
      }
    }
    const fresh = await pool.acquire(signal, { fresh: true });
    return new Statement(await prepareOn({ lease: fresh, sql, signal, around }, values));
  }

  /**
   * Runs a statement whose columns are known, in one round trip. It must not change anything, for it may be run once more.
   *
   * @returns nothing where it has other columns, or its connection turned out to have died
   * @throws as {@link prepare}
   */
  static async runKnown(
    { pool, around, named }: StatementContext & { readonly around: Surroundings },
    sql: string,
    signal: AbortSignal,
    known: KnownStatement,
  ): Promise<Statement | undefined> {
    const lease = await pool.acquire(signal);
    try {
      return new Statement(await runOn({ lease, sql, signal, around }, known, named));
    } catch (error) {
      if (
        error instanceof OtherResultError ||
        error instanceof LostNamesError ||
        (lease.reused && error instanceof ConnectionLostError)
      ) {
        return undefined;
      }
      throw error;
    }
  }

  /** Runs it. Its rows are to be read next. @param formats of the columns: 0 for text, 1 for binary */
  execute(values: readonly string[], formats: readonly number[]): void {
    const { around } = this.#begun;
    const run = [messages.bind(values, formats), messages.execute, messages.sync];
    if (around === undefined) {
      this.connection.send(1, ...run);
    } else {
      this.connection.send(2, ...run, around.after);
    }
  }

  /** Waits for more bytes. @throws ConnectionLostError; the signal's reason */
  more(): Promise<void> {
    return this.connection.more(this.#begun.signal);
  }

  /** Goes to the next message. @returns its letter @throws ConnectionLostError; the signal's reason */
  next(): Promise<number> {
    return this.connection.next(this.#begun.signal);
  }

  /** What the server's error becomes: where the signal had it stopped, its reason. */
  problem(error: ServerError): unknown {
    const { signal, sql } = this.#begun;
    return signal.aborted ? signal.reason : toDownstreamError(error, sql);
  }

  /**
   * Reads what is left, and gives the connection back. Never throws.
   * @param stop has the server stop first: there is more than is wanted. That is not waited for
   */
  async end(stop: boolean): Promise<void> {
    const { signal, abort, around, lease, sql } = this.#begun;
    signal.removeEventListener("abort", abort);
    const use = { lease, sql, isSurrounded: around !== undefined };
    if (!stop && giveBackNow(use)) {
      return;
    }
    const given = giveBack(use, stop);
    if (!stop) {
      await orAbort(given, signal);
    }
  }

  /** Ends a statement that was prepared and will not be run. */
  async discard(): Promise<void> {
    const { around } = this.#begun;
    if (around !== undefined) {
      this.connection.send(1, around.after);
    }
    await this.end(false);
  }
}

/** The statement has another result than was thought. */
class OtherResultError extends Error {}

/** The session no longer has what it had prepared, or not as it was; nothing was run. */
class LostNamesError extends Error {}

type Beginning = Pick<Begun, "lease" | "sql" | "signal" | "around">;

function prepareOn(beginning: Beginning, values: number): Promise<Begun> {
  return begin(beginning, false, async (connection) => {
    const { sql, signal, around } = beginning;
    const prepare = [messages.parse(sql), messages.describeStatement, messages.sync];
    if (around === undefined) {
      connection.send(1, ...prepare);
    } else {
      connection.send(2, around.before, ...prepare);
    }
    const { error, columns, parameters } = await connection.untilReady(signal);
    if (error !== undefined) {
      throw toDownstreamError(error, sql);
    }
    if (parameters !== values) {
      throw new DownstreamError("the query has a parameter such as $1, for which there is no value", { status: 400 });
    }
    return columns;
  });
}

function runOn(
  beginning: Beginning & { readonly around: Surroundings },
  known: KnownStatement,
  named: NamedStatements,
): Promise<Begun> {
  return begin(beginning, true, async (connection) => {
    const { lease, sql, signal, around } = beginning;
    const { statements } = connection;
    const isNamed = lease.reused && named.areKept;
    const { start, end } = isNamed ? around.named : around.batch;
    const prepare = isNamed && !statements.hasSurroundings ? [around.named.prepare] : [];
    const { name, messages: run } = isNamed ? statements.use(sql, known) : runUnnamed(sql, known);
    connection.send(1, ...prepare, start, ...run, end);
    for (let completed = 0; ; ) {
      const letter = connection.nextNow() ?? (await connection.next(signal));
      if (letter === Letter.commandComplete) {
        completed++;
      } else if (letter === Letter.error) {
        const error = connection.readError();
        if (connection.hasFailed) {
          // It is the connection's end, which the next look at it tells.
          continue;
        }
        const isBefore = completed < around.countBefore && error.code !== QUERY_CANCELED;
        if (isNamed && (isBefore || (name !== "" && error.code === NO_STATEMENT))) {
          statements.lost();
          named.lost();
          throw new LostNamesError();
        }
        if (name !== "" && error.code === NOT_SUPPORTED) {
          statements.forget(sql);
          throw new LostNamesError();
        }
        throw error.code === PROTOCOL_VIOLATION ? new OtherResultError() : toDownstreamError(error, sql);
      } else if (letter === Letter.rowDescription || letter === Letter.noData) {
        const { bytes, start: from, end: to } = connection.reader;
        const isSame = letter === Letter.noData ? known.columns.length === 0 : known.isDescribedBy(bytes, from, to);
        if (!isSame) {
          throw new OtherResultError();
        }
        if (isNamed) {
          statements.hasSurroundings = true;
          statements.taken(sql, known);
        }
        return known.columns;
      }
    }
  });
}

/** Begins a statement; where that fails, its connection is given back. */
async function begin(
  beginning: Beginning,
  isBatch: boolean,
  ask: (connection: PostgresConnection) => Promise<readonly DescribedColumn[]>,
): Promise<Begun> {
  const { lease, sql, signal, around } = beginning;
  const { connection } = lease;
  const abort = (): void => {
    void connection.cancel();
    connection.wake();
  };
  signal.addEventListener("abort", abort, { once: true });
  let hasAsked = false;
  try {
    signal.throwIfAborted();
    hasAsked = true;
    return { ...beginning, abort, isBatch, columns: await ask(connection) };
  } catch (error) {
    signal.removeEventListener("abort", abort);
    const told = connection.readingError(error);
    if (hasAsked && around !== undefined && !isBatch && !(told instanceof ConnectionLostError)) {
      connection.send(1, around.after);
    }
    // A batch whose result is another one than was thought may run for long.
    const given = giveBack({ lease, sql, isSurrounded: around !== undefined }, told instanceof OtherResultError);
    await orAbort(given, signal);
    throw signal.aborted ? signal.reason : told;
  }
}
