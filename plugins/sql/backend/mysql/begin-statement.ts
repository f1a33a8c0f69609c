import { ConnectionLostError } from "../wire/wire-connection.js";
import { binaryReaders, isBinarySafe, type ReadBinary } from "./binary-cells.js";
import type { ColumnDefinition } from "./column-definition.js";
import type { Beginning, MysqlConnection } from "./mysql-connection.js";
import { query } from "./packets.js";
import { isPassing, isUnprepared, type ServerError, UNKNOWN_STATEMENT, wasStopped } from "./server-error.js";
import type { Way, Ways } from "./ways.js";

/** So long is waited for an answer that is of no use, in ms. */
const SOON_MS = 1_000;

/** An answer whose rows are to be read next. */
export interface Answer {
  /** Nothing where there are no rows. */
  readonly columns: readonly ColumnDefinition[] | undefined;
  /** What reads the cells of binary rows; nothing where the rows are text. */
  readonly readers?: readonly ReadBinary[] | undefined;
}

type Begun = { readonly error: ServerError } | Answer;

/** A statement is to be sent as text: over the same connection, perhaps because of an error, or over another one. */
type AsText = { readonly asText: "here" | "elsewhere"; readonly error?: ServerError };

/** A statement, and what it was made of. */
export interface Asked {
  readonly sql: string;
  readonly template: string;
}

/**
 * Sends a statement the way that is best for it, and reads how its answer begins.
 *
 * @returns nothing where it is to be sent as text over another connection: this one is given up
 * @throws ConnectionLostError; the signal's reason
 */
export async function beginStatement(
  connection: MysqlConnection,
  asked: Asked,
  ways: Ways,
  signal: AbortSignal,
): Promise<Begun | undefined> {
  const way = ways.of(asked, connection.traits);
  if (way === "text") {
    return beginAsText(connection, asked.sql);
  }
  const begun = await beginPrepared(connection, asked, way, ways, signal);
  if (!("asText" in begun)) {
    return begun;
  }
  if (begun.asText === "elsewhere") {
    connection.close();
    return undefined;
  }
  signal.throwIfAborted();
  return beginInstead(connection, asked.sql, begun.error, ways);
}

/** Sends a statement for rows as text, and reads how its answer begins. @throws ConnectionLostError */
export function beginAsText(connection: MysqlConnection, sql: string): Promise<Beginning> {
  connection.ask(query(sql));
  return connection.readBeginning();
}

/** Sends a statement as text instead. @param refusal what the server had against it when it was prepared or run so */
async function beginInstead(
  connection: MysqlConnection,
  sql: string,
  refusal: ServerError | undefined,
  ways: Ways,
): Promise<Begun> {
  if (refusal === undefined) {
    return beginAsText(connection, sql);
  }
  try {
    const begun = await beginAsText(connection, sql);
    if (!("error" in begun)) {
      ways.ranAfter(refusal);
    }
    return begun;
  } catch (error) {
    // There are errors after which a server closes the connection: they say more than that it is closed.
    if (error instanceof ConnectionLostError) {
      return { error: refusal };
    }
    throw error;
  }
}

/** As {@link prepareAndRun}, and takes note of a server that does not get on with it. */
async function beginPrepared(
  connection: MysqlConnection,
  asked: Asked,
  way: Exclude<Way, "text">,
  ways: Ways,
  signal: AbortSignal,
): Promise<Begun | AsText> {
  try {
    return await prepareAndRun(connection, asked, way, ways, signal);
  } catch (error) {
    if (way === "batch") {
      // A proxy that does not know what means the statement before may end at it.
      ways.cannotBatch();
    }
    if (error instanceof RangeError) {
      ways.cannotReadBinary();
      return { asText: "elsewhere" };
    }
    throw error;
  }
}

/** Has a statement prepared and run, and reads how its answer begins. @throws ConnectionLostError; the signal's reason; RangeError for what is no answer */
async function prepareAndRun(
  connection: MysqlConnection,
  { sql, template }: Asked,
  way: Exclude<Way, "text">,
  ways: Ways,
  signal: AbortSignal,
): Promise<Begun | AsText> {
  connection.prepare(sql, way === "batch");
  const preparation = await connection.readPreparation();
  if ("error" in preparation) {
    return afterRefusal(connection, preparation.error, way, ways);
  }
  const { parameters, columns } = preparation;
  if (parameters > 0 || !isBinarySafe(columns)) {
    ways.preferText(template);
    return letEnd(connection);
  }
  if (way === "steps") {
    signal.throwIfAborted();
    connection.execute();
  }
  const beginning = await connection.readBeginning();
  if ("error" in beginning) {
    const { error } = beginning;
    if (wasStopped(error) || (ways.hasReadBinary && !isUnprepared(error))) {
      return beginning;
    }
    if (way === "batch" && error.code === UNKNOWN_STATEMENT) {
      ways.cannotBatch();
    } else if (isUnprepared(error) && !isPassing(error)) {
      ways.keepText(template);
    }
    return { asText: "here", error };
  }
  if (beginning.columns === undefined || !isBinarySafe(beginning.columns)) {
    ways.keepText(template);
    return letEnd(connection);
  }
  ways.readBinary();
  return { columns: beginning.columns, readers: binaryReaders(beginning.columns) };
}

/**
 * Reads what is left of an answer that is of no use, or gives the connection up where that takes longer. To have the server stop it would take
 * a connection more, which there may not be.
 */
async function letEnd(connection: MysqlConnection): Promise<Begun | AsText> {
  try {
    const error = await connection.within(AbortSignal.timeout(SOON_MS), () => connection.readToEnd());
    return error !== undefined && wasStopped(error) ? { error } : { asText: "here" };
  } catch {
    return { asText: "elsewhere" };
  }
}

/** After an error of the preparing: reads the one of what was to run, too, if it was sent. */
async function afterRefusal(
  connection: MysqlConnection,
  error: ServerError,
  way: Way,
  ways: Ways,
): Promise<Begun | AsText> {
  try {
    await connection.readToEnd();
  } catch (lost) {
    if (!(lost instanceof ConnectionLostError)) {
      throw lost;
    }
    if (way === "batch") {
      ways.cannotBatch();
    }
    return { error };
  }
  return wasStopped(error) ? { error } : { asText: "here", error };
}
