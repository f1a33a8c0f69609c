import { type DataSourceConfig, DownstreamError } from "@framewright/sdk";
import { createDial } from "@framewright/sdk/network";
import { ConnectionPool, postgres, statementKeyword, timescaledb } from "@framewright/sdk/sql";
import type { Engine } from "../engine.js";
import { poolSize } from "../pool-size.js";
import type { Settings } from "../settings.js";
import { readTarget } from "../wire/target.js";
import { readTls } from "../wire/tls.js";
import { type List, postgresCatalog } from "./catalog.js";
import { connectPostgres, type Login } from "./connect.js";
import { freeLocks } from "./give-back.js";
import { KnownStatements, resultFormats } from "./known-statements.js";
import { query } from "./messages.js";
import { NamedStatements } from "./named-statements.js";
import type { PostgresConnection } from "./postgres-connection.js";
import { PostgresRows } from "./postgres-rows.js";
import { readTexts } from "./read-texts.js";
import { toDownstreamError } from "./server-error.js";
import { Statement } from "./statement.js";
import { type Surroundings, surroundings } from "./surroundings.js";

/**
 * Opens a PostgreSQL database. No connection is made before the first query.
 *
 * @throws DownstreamError (400) that names the setting which is wrong
 */
export async function openPostgres(config: DataSourceConfig<Settings>): Promise<Engine> {
  const { settings, secrets } = config;
  if (config.user === "") {
    throw new DownstreamError("user: is missing; give the database user's name in the settings", { status: 400 });
  }
  const target = readTarget(config.url, 5432, (folder, port) => `${folder}/.s.PGSQL.${port}`);
  const login: Login = {
    target,
    tls: await readTls(settings, secrets, target.host),
    dial: await createDial(config),
    user: config.user,
    password: secrets["password"] ?? "",
    database: settings.database ?? (config.database || config.user),
  };
  const pool = new ConnectionPool<PostgresConnection>({
    connect: (signal) => openSession(login, settings, signal),
    close: (connection) => connection.close(),
    isOpen: (connection) => connection.isOpen,
    ...poolSize(config),
  });
  const around = readOnlyTransaction(settings);
  const named = new NamedStatements();
  const context = { pool, around, named };
  const isBinary = settings.binaryResults;
  const knownStatements = new KnownStatements(isBinary);

  const list: List = async (sql, values, signal) => {
    const statement = await Statement.prepare(context, sql, signal, values.length);
    statement.execute(values, []);
    return readTexts(statement);
  };

  return {
    dialect: settings.timescaledb ? timescaledb : postgres,
    async run(sql, signal, template) {
      if (around !== undefined) {
        refuseLasting(sql);
      }
      const known = around === undefined ? undefined : knownStatements.get(template);
      if (around !== undefined && known !== undefined) {
        const statement = await Statement.runKnown({ pool, around, named }, sql, signal, known);
        if (statement !== undefined) {
          return PostgresRows.of(statement, isBinary);
        }
        knownStatements.delete(template);
      }
      const statement = await Statement.prepare(context, sql, signal);
      if (around !== undefined) {
        knownStatements.set(template, statement.columns);
      }
      statement.execute([], resultFormats(statement.columns, isBinary));
      return PostgresRows.of(statement, isBinary);
    },
    async check(sql, signal) {
      const statement = await Statement.prepare(context, sql, signal);
      await statement.discard();
    },
    async greet(signal) {
      const sql = "SELECT split_part(version(), ' on ', 1), current_user, current_database()";
      const [[version, user, database] = []] = await list(sql, [], signal);
      return `Connected to ${version}: user ${user}, database ${database}.`;
    },
    catalog: postgresCatalog(list),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/**
 * Refuses what could put a statement of its own in the place of one that the session has prepared: what is sent around queries, by which
 * they only read, or the query of somebody else.
 *
 * @throws DownstreamError (400)
 */
function refuseLasting(sql: string): void {
  const keyword = statementKeyword(sql, postgres.syntax);
  if (keyword === "PREPARE" || keyword === "DO") {
    const text = `the data source may only read, and what ${keyword} does could last beyond the query; write the query alone, or have Read only in the settings switched off`;
    throw new DownstreamError(text, { status: 400 });
  }
}

/** Connects within the time that the settings allow. */
async function openSession(login: Login, settings: Settings, signal: AbortSignal): Promise<PostgresConnection> {
  const { connectTimeout } = settings;
  const timeout = connectTimeout === 0 ? undefined : AbortSignal.timeout(connectTimeout * 1_000);
  try {
    return await logIn(login, settings, timeout === undefined ? signal : AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (timeout?.aborted && error === timeout.reason) {
      const text = `${login.target.address} did not answer within ${connectTimeout} s; check host and port, and whether a firewall is in between, or raise Connect timeout (connectTimeout) in the settings`;
      throw new DownstreamError(text, { status: 504, cause: error });
    }
    throw error;
  }
}

/** Connects, and says what texts are to look like: the macros and the readers rely on it. */
async function logIn(login: Login, settings: Settings, signal: AbortSignal): Promise<PostgresConnection> {
  const { timezone, searchPath, readOnly } = settings;
  const connection = await connectPostgres(login, signal);
  const abort = (): void => connection.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    connection.statements.timezone = timezone;
    const statements = [
      "SET DateStyle = 'ISO, MDY'",
      ...(timezone === undefined ? [] : [`SET TIME ZONE ${literal(timezone)}`]),
      // A transaction sets it for itself, as a pooler between here and the server wants it.
      ...(searchPath === undefined || readOnly ? [] : [setSearchPath(searchPath, false)]),
    ];
    // The first on its own: the server reads the literals of a message before it runs any of it.
    connection.send(2, query("SET standard_conforming_strings = on"), query(statements.join("; ")));
    const { error } = await connection.untilReady(signal);
    if (error !== undefined) {
      throw toDownstreamError(error, "");
    }
    return connection;
  } catch (error) {
    connection.close();
    throw signal.aborted ? signal.reason : connection.readingError(error);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** How long after a query's time is up the server stops it by itself, in ms: it was asked to before, which may not have reached it. */
const BACKSTOP_MS = 5_000;

/** What makes each statement a transaction of its own that only reads; nothing where it may write. */
function readOnlyTransaction({ readOnly, searchPath, queryTimeout }: Settings): Surroundings | undefined {
  if (!readOnly) {
    return undefined;
  }
  const before = [
    "BEGIN READ ONLY",
    ...(queryTimeout === 0 ? [] : [`SET LOCAL statement_timeout = ${Math.ceil(queryTimeout * 1_000) + BACKSTOP_MS}`]),
    ...(searchPath === undefined ? [] : [setSearchPath(searchPath, true)]),
  ];
  return surroundings(before, ["ROLLBACK", freeLocks]);
}

function setSearchPath(path: string, local: boolean): string {
  return `SELECT set_config('search_path', ${literal(path)}, ${local})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
