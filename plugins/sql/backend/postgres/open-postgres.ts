import type { DataSourceConfig } from "@framewright/sdk";
import { createDial } from "@framewright/sdk/network";
import { ConnectionPool, postgres, timescaledb } from "@framewright/sdk/sql";
import type { Engine } from "../engine.js";
import { poolSize } from "../pool-size.js";
import type { Settings } from "../settings.js";
import { readTarget } from "../wire/target.js";
import { readTls } from "../wire/tls.js";
import { type List, postgresCatalog } from "./catalog.js";
import { connectPostgres, type Login } from "./connect.js";
import { query } from "./messages.js";
import type { PostgresConnection } from "./postgres-connection.js";
import { PostgresRows } from "./postgres-rows.js";
import { readTexts } from "./read-texts.js";
import { toDownstreamError } from "./server-error.js";
import { Statement, type StatementOptions } from "./statement.js";

/**
 * Opens a PostgreSQL database. No connection is made before the first query.
 *
 * @throws DownstreamError (400) that names the setting which is wrong
 */
export async function openPostgres(config: DataSourceConfig<Settings>): Promise<Engine> {
  const { settings, secrets } = config;
  const target = readTarget(config.url, 5432, (folder, port) => `${folder}/.s.PGSQL.${port}`);
  const login: Login = {
    target,
    tls: await readTls(settings, secrets, target.host),
    dial: await createDial(config),
    user: config.user,
    password: secrets["password"] ?? "",
    database: settings.database ?? config.database,
  };
  const pool = new ConnectionPool<PostgresConnection>({
    connect: (signal) => openSession(login, settings, signal),
    close: (connection) => connection.close(),
    isOpen: (connection) => connection.isOpen,
    ...poolSize(config),
  });
  const options = statementOptions(settings);

  const list: List = async (sql, values, signal) => {
    const statement = await Statement.prepare(pool, sql, signal, options, values.length);
    statement.execute(values, []);
    return readTexts(statement);
  };

  return {
    dialect: settings.timescaledb ? timescaledb : postgres,
    async run(sql, signal) {
      return PostgresRows.run(await Statement.prepare(pool, sql, signal, options), settings.binaryResults);
    },
    async check(sql, signal) {
      const statement = await Statement.prepare(pool, sql, signal, options);
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

/** Connects, and says what texts are to look like: the macros and the readers rely on it. */
async function openSession(login: Login, settings: Settings, signal: AbortSignal): Promise<PostgresConnection> {
  const { connectTimeout, timezone, searchPath, readOnly } = settings;
  const limit = connectTimeout === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(connectTimeout * 1_000)]);
  const connection = await connectPostgres(login, limit);
  const statements = [
    "SET standard_conforming_strings = on",
    "SET DateStyle = 'ISO, MDY'",
    ...(timezone === undefined ? [] : [`SET TIME ZONE ${literal(timezone)}`]),
    // A transaction sets it for itself, as a pooler between here and the server wants it.
    ...(searchPath === undefined || readOnly ? [] : [setSearchPath(searchPath, false)]),
  ];
  connection.send(1, query(statements.join("; ")));
  const { error } = await connection.untilReady();
  if (error !== undefined) {
    connection.close();
    throw toDownstreamError(error, "");
  }
  return connection;
}

function statementOptions({ readOnly, searchPath }: Settings): StatementOptions {
  const path = searchPath === undefined ? "" : `; ${setSearchPath(searchPath, true)}`;
  return { before: readOnly ? `BEGIN READ ONLY${path}` : undefined, after: "ROLLBACK" };
}

function setSearchPath(path: string, local: boolean): string {
  return `SELECT set_config('search_path', ${literal(path)}, ${local})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
