import { DownstreamError } from "@framewright/sdk";
import type { Settings } from "../settings.js";
import { connectMysql, type Login } from "./connect.js";
import { readText } from "./length-encoded.js";
import type { MysqlConnection } from "./mysql-connection.js";
import { query, resetConnection, useDatabase } from "./packets.js";
import { toDownstreamError, toReadingError } from "./server-error.js";

type SessionSettings = Pick<Settings, "connectTimeout" | "timezone" | "readOnly" | "queryTimeout">;

/** Modes in which quotes and backslashes mean something else than the reader of macros thinks, and those that stand for such ones. */
const MISREAD_MODES = ["NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"] as const;
const COMBINED_MODES = ["ANSI", "ORACLE", "MSSQL", "DB2", "MAXDB", "POSTGRESQL"] as const;

/** How much later than this side the server notes that a statement takes too long: for statements that could not be stopped. */
const LATER_S = 1;

/** The server does not know a variable. */
const UNKNOWN_VARIABLE = 1193;

/**
 * Connects, and says how texts are read and written: the macros and the readers rely on it.
 *
 * @throws the signal's reason; DownstreamError that says what failed, 504 where that is the time to connect
 */
export async function openSession(
  login: Login,
  settings: SessionSettings,
  signal: AbortSignal,
): Promise<MysqlConnection> {
  const { connectTimeout } = settings;
  const limit = connectTimeout === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(connectTimeout * 1_000)]);
  try {
    const connection = await connectMysql(login, limit);
    await connection.within(limit, async () => {
      await prepareSession(connection, settings);
      await requireReadableTexts(connection);
    });
    return connection;
  } catch (error) {
    if (limit.aborted && !signal.aborted) {
      const text = `${login.target.address} did not answer within ${connectTimeout} s; check that a MySQL or MariaDB server runs there, or raise Connect timeout (connectTimeout) in the settings`;
      throw new DownstreamError(text, { status: 504, cause: error });
    }
    throw toReadingError(error);
  }
}

/** Makes a session as {@link openSession} does: without transaction, locks and variables, and in its database. */
export async function resetSession(
  connection: MysqlConnection,
  login: Login,
  settings: SessionSettings,
): Promise<void> {
  const commands = [
    resetConnection,
    ...(login.database === undefined ? [] : [useDatabase(login.database)]),
    // The reset forgets what the login said.
    query("SET NAMES utf8mb4 COLLATE utf8mb4_general_ci"),
  ];
  for (const command of commands) {
    throwError(await connection.run(command));
  }
  await prepareSession(connection, settings);
}

async function prepareSession(
  connection: MysqlConnection,
  { timezone, readOnly, queryTimeout }: SessionSettings,
): Promise<void> {
  const modes = [...MISREAD_MODES, ...COMBINED_MODES].reduce(
    (expression, mode) => `REPLACE(${expression}, '${mode}', '')`,
    "@@sql_mode",
  );
  const statements = [
    `SET SESSION sql_mode = ${modes}, SESSION time_zone = ${literal(timezone ?? "+00:00")}, SESSION autocommit = 1`,
    ...(readOnly ? ["SET SESSION TRANSACTION READ ONLY"] : []),
  ];
  for (const statement of statements) {
    throwError(await connection.run(query(statement)));
  }
  if (queryTimeout > 0) {
    const seconds = queryTimeout + LATER_S;
    const error = await connection.run(
      query(
        connection.traits.isMariadb
          ? `SET SESSION max_statement_time = ${seconds}`
          : `SET SESSION max_execution_time = ${Math.ceil(seconds * 1_000)}`,
      ),
    );
    if (error?.code !== UNKNOWN_VARIABLE) {
      throwError(error);
    }
  }
}

/** Makes sure of the modes: a server may have others that stand for these. */
async function requireReadableTexts(connection: MysqlConnection): Promise<void> {
  connection.ask(query("SELECT @@sql_mode"));
  const beginning = await connection.readBeginning();
  throwError("error" in beginning ? beginning.error : undefined);
  await connection.next();
  const [modes] = readText(connection.reader.packet, connection.reader.start);
  throwError(await connection.readToEnd());
  const wrong = MISREAD_MODES.find((mode) => modes.split(",").includes(mode));
  if (wrong !== undefined) {
    throw new DownstreamError(`the server keeps ${wrong} in the session's sql_mode, with which queries are misread`, {
      status: 400,
    });
  }
}

function throwError(error: Parameters<typeof toDownstreamError>[0] | undefined): void {
  if (error !== undefined) {
    throw toDownstreamError(error);
  }
}

function literal(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
