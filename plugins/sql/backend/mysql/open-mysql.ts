import { valuesOf } from "@framewright/data";
import { type DataSourceConfig, DownstreamError } from "@framewright/sdk";
import { createDial } from "@framewright/sdk/network";
import {
  ConnectionPool,
  type Lease,
  mysql,
  RowCounter,
  resultBuilder,
  statementKeyword,
  text,
} from "@framewright/sdk/sql";
import type { Engine } from "../engine.js";
import { poolSize } from "../pool-size.js";
import type { Settings } from "../settings.js";
import { readTarget } from "../wire/target.js";
import { readTls } from "../wire/tls.js";
import { mysqlCatalog } from "./catalog.js";
import { connectMysql, type Login } from "./connect.js";
import type { MysqlConnection } from "./mysql-connection.js";
import { giveBack, MysqlRows } from "./mysql-rows.js";
import { ping, prepare, query } from "./packets.js";
import { toDownstreamError } from "./server-error.js";

/** Statements that read. What else there is could end the session's read-only mode. */
const READING = new Set(["SELECT", "WITH", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "TABLE", "VALUES", ""]);

/** How long a connection may be unused before it is asked whether it is still there. */
const ASK_FIRST_MS = 1_000;

/**
 * Opens a MySQL or MariaDB database. No connection is made before the first query.
 *
 * @throws DownstreamError (400) that names the setting which is wrong
 */
export async function openMysql(config: DataSourceConfig<Settings>): Promise<Engine> {
  const { settings, secrets } = config;
  const target = readTarget(config.url, 3306, (path) => path);
  const login: Login = {
    target,
    tls: await readTls(settings, secrets, target.host),
    dial: await createDial(config),
    user: config.user,
    password: secrets["password"] ?? "",
    database: settings.database ?? (config.database || undefined),
  };
  const pool = new ConnectionPool<MysqlConnection>({
    connect: (signal) => openSession(login, settings, signal),
    close: (connection) => connection.close(),
    isOpen: (connection) => connection.isOpen,
    ...poolSize(config),
  });

  /** A connection that was long unused may have died without a word: it is asked first, since a statement is never sent twice. */
  async function acquire(signal: AbortSignal): Promise<Lease<MysqlConnection>> {
    const lease = await pool.acquire(signal);
    if (lease.idleMs < ASK_FIRST_MS) {
      return lease;
    }
    try {
      lease.connection.ask(ping);
      await lease.connection.begin();
      return lease;
    } catch {
      lease.release("broken");
      return pool.acquire(signal, { fresh: true });
    }
  }

  const engine: Engine = {
    dialect: mysql,
    async run(sql, signal) {
      if (settings.readOnly && !READING.has(statementKeyword(sql, mysql.syntax))) {
        throw new DownstreamError("the data source may only read; Read only in its settings says so", { status: 400 });
      }
      return MysqlRows.run(await acquire(signal), sql, signal);
    },
    check: async (sql, signal) => check(await acquire(signal), sql, signal),
    async greet(signal) {
      const [[version, user, database] = []] = await list("SELECT version(), current_user(), database()", signal);
      const product = version?.includes("MariaDB") ? "MariaDB" : "MySQL";
      return `Connected to ${product} ${version}: user ${user}, ${database === null ? "no database" : `database ${database}`}.`;
    },
    catalog: mysqlCatalog((sql, signal) => list(sql, signal)),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };

  /** Each row as texts. */
  async function list(sql: string, signal: AbortSignal): Promise<(string | null)[][]> {
    await using rows = await engine.run(sql, signal);
    const result = resultBuilder(
      rows.columns.map(({ name }) => ({ name, type: text })),
      new RowCounter(Number.POSITIVE_INFINITY),
    );
    await rows.read(result, Number.POSITIVE_INFINITY);
    const frame = result.finish();
    const columns = frame.fields.map((field) =>
      [...valuesOf(field)].map((value) => (value === null ? null : String(value))),
    );
    return Array.from({ length: frame.length }, (_, row) => columns.map((values) => values[row] ?? null));
  }

  return engine;
}

/** Connects, and says how texts are read and written: the macros and the readers rely on it. */
async function openSession(login: Login, settings: Settings, signal: AbortSignal): Promise<MysqlConnection> {
  const { connectTimeout, timezone, readOnly } = settings;
  const limit = connectTimeout === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(connectTimeout * 1_000)]);
  const connection = await connectMysql(login, limit);
  const statements = [
    // In these modes quotes and backslashes mean something else than the reader of macros thinks.
    "SET SESSION sql_mode = REPLACE(REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'ANSI_QUOTES', ''), 'ANSI', '')",
    `SET SESSION time_zone = ${literal(timezone ?? "+00:00")}`,
    ...(readOnly ? ["SET SESSION TRANSACTION READ ONLY"] : []),
  ];
  for (const statement of statements) {
    connection.ask(query(statement));
    const beginning = await connection.begin();
    if ("error" in beginning) {
      connection.close();
      throw toDownstreamError(beginning.error);
    }
  }
  return connection;
}

async function check(lease: Lease<MysqlConnection>, sql: string, signal: AbortSignal): Promise<void> {
  const { connection } = lease;
  const abort = (): void => void connection.cancel();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const answer = await connection.check(prepare(sql));
    signal.throwIfAborted();
    if ("error" in answer) {
      throw toDownstreamError(answer.error);
    }
  } finally {
    signal.removeEventListener("abort", abort);
    await giveBack(lease, false);
  }
}

function literal(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
