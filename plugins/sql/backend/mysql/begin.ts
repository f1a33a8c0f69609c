import { binaryReaders, type ReadBinary } from "./binary-cells.js";
import type { ColumnDefinition } from "./column-definition.js";
import type { MysqlConnection } from "./mysql-connection.js";
import { query } from "./packets.js";
import { isUnprepared, type ServerError, wasStopped } from "./server-error.js";
import type { Way, Ways } from "./ways.js";

/** An answer whose rows are to be read next. */
export interface Answer {
  /** Nothing where there are no rows. */
  readonly columns: readonly ColumnDefinition[] | undefined;
  /** What reads the cells of binary rows; nothing where the rows are text. */
  readonly readers?: readonly ReadBinary[] | undefined;
}

type Begun = { readonly error: ServerError } | Answer;

/** Sends a statement the way that is best for it, and reads how its answer begins. @throws ConnectionLostError; the signal's reason */
export async function begin(
  connection: MysqlConnection,
  sql: string,
  template: string,
  ways: Ways,
  signal: AbortSignal,
): Promise<Begun> {
  const way = ways.of(sql, template, connection.traits);
  if (way !== "text") {
    const begun = await beginPrepared(connection, sql, way, signal);
    if (typeof begun !== "string") {
      return begun;
    }
    if (begun === "failed") {
      ways.failed(template);
    } else if (begun === "no batch") {
      ways.cannotBatch();
    }
    signal.throwIfAborted();
  }
  connection.ask(query(sql));
  return connection.begin();
}

/**
 * Has a statement prepared and run.
 *
 * @returns where it has to be run anew as text, why: its columns do not suit or the server does not prepare it; that was found out when it ran; the server does
 *   not take what means the statement prepared last
 */
async function beginPrepared(
  connection: MysqlConnection,
  sql: string,
  way: Exclude<Way, "text">,
  signal: AbortSignal,
): Promise<Begun | "unsuited" | "failed" | "no batch"> {
  connection.prepare(sql, way === "batch");
  const preparation = await connection.prepared();
  if ("error" in preparation) {
    await connection.finish();
    return wasStopped(preparation.error) ? preparation : "unsuited";
  }
  const { parameters, columns } = preparation;
  if (parameters > 0 || columns.length === 0 || binaryReaders(columns) === undefined) {
    await stop(connection);
    return "unsuited";
  }
  if (way === "steps") {
    signal.throwIfAborted();
    connection.execute();
  }
  const beginning = await connection.begin();
  if ("error" in beginning) {
    return isUnprepared(beginning.error) ? (way === "batch" ? "no batch" : "failed") : beginning;
  }
  const readers = binaryReaders(beginning.columns ?? []);
  if (readers === undefined || beginning.columns === undefined) {
    await stop(connection);
    return "failed";
  }
  return { columns: beginning.columns, readers };
}

/** Has the server stop what runs, if anything does, and leaves nothing of it. */
async function stop(connection: MysqlConnection): Promise<void> {
  if (connection.pending > 0) {
    void connection.cancel();
  }
  await connection.finish();
  await connection.settle();
}
