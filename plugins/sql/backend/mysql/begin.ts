import { binaryReaders, type ReadBinary } from "./binary-cells.js";
import type { ColumnDefinition } from "./column-definition.js";
import type { MysqlConnection } from "./mysql-connection.js";
import { query } from "./packets.js";
import { isUnprepared, type ServerError, UNKNOWN_STATEMENT, wasStopped } from "./server-error.js";
import type { Way, Ways } from "./ways.js";

/** An answer whose rows are to be read next. */
export interface Answer {
  /** Nothing where there are no rows. */
  readonly columns: readonly ColumnDefinition[] | undefined;
  /** What reads the cells of binary rows; nothing where the rows are text. */
  readonly readers?: readonly ReadBinary[] | undefined;
}

type Begun = { readonly error: ServerError } | Answer;

/** A statement, and what it was made of. */
export interface Asked {
  readonly sql: string;
  readonly template: string;
}

/** Sends a statement the way that is best for it, and reads how its answer begins. @throws ConnectionLostError; the signal's reason */
export async function begin(
  connection: MysqlConnection,
  asked: Asked,
  ways: Ways,
  signal: AbortSignal,
): Promise<Begun> {
  const way = ways.of(asked, connection.traits);
  if (way !== "text") {
    const begun = await beginPrepared(connection, asked, way, ways, signal);
    if (begun !== undefined) {
      return begun;
    }
    signal.throwIfAborted();
  }
  connection.ask(query(asked.sql));
  return connection.begin();
}

/** Has a statement prepared and run. @returns nothing where it has to be run as text */
async function beginPrepared(
  connection: MysqlConnection,
  { sql, template }: Asked,
  way: Exclude<Way, "text">,
  ways: Ways,
  signal: AbortSignal,
): Promise<Begun | undefined> {
  connection.prepare(sql, way === "batch");
  const preparation = await connection.prepared();
  if ("error" in preparation) {
    await connection.finish();
    return wasStopped(preparation.error) ? preparation : undefined;
  }
  const { parameters, columns } = preparation;
  if (parameters > 0 || columns.length === 0 || binaryReaders(columns) === undefined) {
    ways.learn(template, columns, 0);
    await stop(connection);
    return undefined;
  }
  if (way === "steps") {
    signal.throwIfAborted();
    connection.execute();
  }
  const beginning = await connection.begin();
  if ("error" in beginning) {
    if (!isUnprepared(beginning.error)) {
      return beginning;
    }
    if (way === "batch" && beginning.error.code === UNKNOWN_STATEMENT) {
      ways.cannotBatch();
    } else {
      ways.failed(template);
    }
    return undefined;
  }
  const readers = binaryReaders(beginning.columns ?? []);
  if (readers === undefined || beginning.columns === undefined) {
    ways.failed(template);
    await stop(connection);
    return undefined;
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
