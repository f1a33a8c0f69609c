import { valuesOf } from "@framewright/data";
import { type DataSourceConfig, DownstreamError } from "@framewright/sdk";
import { createDial } from "@framewright/sdk/network";
import { ConnectionPool, type Lease, mysql, RowCounter, resultBuilder, text } from "@framewright/sdk/sql";
import type { Engine } from "../engine.js";
import { poolSize } from "../pool-size.js";
import type { Settings } from "../settings.js";
import { readTarget } from "../wire/target.js";
import { readTls } from "../wire/tls.js";
import { mysqlCatalog } from "./catalog.js";
import type { Login } from "./connect.js";
import type { MysqlConnection } from "./mysql-connection.js";
import { MysqlRows } from "./mysql-rows.js";
import { ping } from "./packets.js";
import { isPlainRead, isReading } from "./plain-read.js";
import { RunningStatement } from "./running-statement.js";
import { toDownstreamError } from "./server-error.js";
import { openSession, resetSession } from "./session.js";
import { Ways } from "./ways.js";

/** How long a connection may be unused before it is asked whether it is still there. */
const ASK_FIRST_MS = 1_000;

/** How long it may take to answer that, or to be tidied up. */
const READY_MS = 2_000;

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
    isOpen: (connection) => connection.isUsable,
    ...poolSize(config),
  });

  const textOnly = new Ways(false);
  // What may write is never run twice.
  const ways = new Ways(settings.binaryResults && settings.readOnly);

  /** Takes a connection for a statement. What that leaves in the session is removed before the next statement. */
  async function acquire(sql: string, signal: AbortSignal): Promise<Lease<MysqlConnection>> {
    const lease = await ready(signal);
    const { connection } = lease;
    return {
      ...lease,
      release(condition = "usable") {
        if (condition === "broken" || (!connection.inTransaction && isPlainRead(sql))) {
          lease.release(condition);
        } else if (login.database === undefined && !isReading(sql)) {
          // It may have chosen a database, and there is no way back to none.
          lease.release("broken");
        } else {
          connection.tidy(() => resetSession(connection, login, settings));
          lease.release();
        }
      },
    };
  }

  /** A connection that was long unused may have died without a word: it is asked first, since a statement is never sent twice. */
  async function ready(signal: AbortSignal): Promise<Lease<MysqlConnection>> {
    const lease = await pool.acquire(signal);
    const { connection, idleMs } = lease;
    if (idleMs < ASK_FIRST_MS && connection.tidied === undefined) {
      return lease;
    }
    try {
      await connection.within(AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]), async () => {
        await connection.tidied;
        const error = idleMs < ASK_FIRST_MS && connection.isOpen ? undefined : await connection.run(ping);
        if (error !== undefined) {
          throw toDownstreamError(error);
        }
      });
      return lease;
    } catch {
      lease.release("broken");
      signal.throwIfAborted();
      return pool.acquire(signal, { fresh: true });
    }
  }

  const engine: Engine = {
    dialect: mysql,
    async run(sql, signal, template) {
      if (settings.readOnly && !isReading(sql)) {
        throw new DownstreamError("the data source may only read; Read only (readOnly) in its settings says so", {
          status: 400,
        });
      }
      return MysqlRows.run(() => acquire(sql, signal), { sql, template }, ways, signal);
    },
    check: async (sql, signal) => check(await ready(signal), sql, signal),
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
    await using rows = await MysqlRows.run(() => acquire(sql, signal), { sql, template: sql }, textOnly, signal);
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

/** Has the server check a statement. */
async function check(lease: Lease<MysqlConnection>, sql: string, signal: AbortSignal): Promise<void> {
  const statement = new RunningStatement(lease, signal);
  const answer = await statement.read((connection) => {
    connection.prepare(sql, false);
    return connection.readPreparation();
  });
  if ("error" in answer) {
    throw await statement.fail(toDownstreamError(answer.error));
  }
  await statement.finish();
}
