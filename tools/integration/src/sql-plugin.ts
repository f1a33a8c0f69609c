import { fileURLToPath } from "node:url";
import { type Frame, valuesOf } from "@framewright/data";
import {
  type DataSourceInput,
  locatePlugin,
  type Plugin,
  type PluginContextInput,
  type QueryInput,
  type QueryResult,
  startPlugin,
} from "@framewright/host";
import type { SqlServer } from "@framewright/services";
import mysql from "mysql2/promise";
import pg from "pg";
import { expect } from "vitest";

/** The SQL plugin's build, as Grafana would install it. */
export const sqlDist = fileURLToPath(new URL("../../../plugins/sql/dist", import.meta.url));

/** A query and what goes with it. */
export interface SqlAsk extends Partial<Pick<QueryInput, "timeRange" | "intervalMs">> {
  readonly rawSql: string;
  /** `table` unless given. */
  readonly format?: string;
  /** More of the query's JSON. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Settings of the data source beside those that lead to the server. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Instead of what leads to the server. */
  readonly instead?: Partial<DataSourceInput>;
  readonly signal?: AbortSignal;
}

/** A running SQL plugin, and a server for it to ask. */
export interface RunningSql extends AsyncDisposable {
  readonly plugin: Plugin;
  /** The context of the server's data source, with these settings, and these instead of what leads to the server. */
  context(
    settings?: Readonly<Record<string, unknown>>,
    instead?: Partial<DataSourceInput>,
    grafanaConfig?: Readonly<Record<string, string>>,
  ): PluginContextInput;
  /** Asks one query. */
  ask(ask: SqlAsk | string): Promise<QueryResult>;
  /** Asks one query for one frame. @throws Error with what went wrong */
  frame(ask: SqlAsk | string): Promise<Frame>;
}

/** Starts the compiled SQL plugin. */
export async function startSql(
  server: SqlServer,
  engine: "postgres" | "mysql" = "postgres",
  env: Readonly<Record<string, string>> = {},
): Promise<RunningSql> {
  const { executable } = await locatePlugin(sqlDist);
  const plugin = await startPlugin({ executable, env, startTimeoutMs: 20_000 });

  const uids = new Map<string, string>();
  /** Other settings are another data source. */
  function uidOf(...settings: unknown[]): string {
    const key = JSON.stringify(settings);
    const uid = uids.get(key) ?? `sql-${uids.size}`;
    uids.set(key, uid);
    return uid;
  }

  const context: RunningSql["context"] = (settings = {}, instead = {}, grafanaConfig = {}) => ({
    pluginId: "framewright-sql-datasource",
    grafanaConfig,
    dataSource: {
      uid: uidOf(settings, instead),
      name: "SQL",
      url: `${server.host}:${server.port}`,
      user: server.user,
      jsonData: { engine, database: server.database, sslmode: "disable", ...settings },
      secureJsonData: { password: server.password },
      ...instead,
    },
  });

  async function ask(asked: SqlAsk | string): Promise<QueryResult> {
    const {
      rawSql,
      format = "table",
      more,
      settings,
      instead,
      signal,
      ...params
    } = typeof asked === "string" ? { rawSql: asked } : asked;
    const query = { refId: "A", json: { rawSql, format, ...more }, ...params };
    const call = { context: context(settings, instead), queries: [query] };
    const answer = (await plugin.queryData(call, { timeoutMs: 60_000, ...(signal && { signal }) })).get("A");
    if (answer === undefined) {
      throw new Error("the plugin did not answer the query");
    }
    return answer;
  }

  return {
    plugin,
    context,
    ask,
    async frame(asked) {
      const { error, frames } = await ask(asked);
      const [frame] = frames;
      if (error !== undefined || frame === undefined) {
        throw new Error(error ?? "there is no frame");
      }
      return frame;
    },
    [Symbol.asyncDispose]: () => plugin[Symbol.asyncDispose](),
  };
}

/** How many rows each piece of a table has, but the last. */
export const PIECE_ROWS = 20_000;

/** A frame's values, a row an array. */
export function rowsOf(frame: Frame): unknown[][] {
  const columns = frame.fields.map((field) => [...valuesOf(field)]);
  return Array.from({ length: frame.length }, (_, row) => columns.map((values) => values[row]));
}

/** What an error has to be. @param error a part of it, or a pattern */
export function refusal(status: number, error: string | RegExp): Record<string, unknown> {
  const matcher = typeof error === "string" ? expect.stringContaining(error) : expect.stringMatching(error);
  return { status, errorSource: "downstream", error: matcher };
}

/** Runs statements as the administrator of a PostgreSQL server. */
export async function connectAdmin(server: SqlServer): Promise<pg.Client & AsyncDisposable> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  // The server is restarted by a test.
  client.on("error", () => {});
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Runs statements as the administrator of a MySQL or MariaDB server. */
export async function connectMysqlAdmin(server: SqlServer): Promise<mysql.Connection & AsyncDisposable> {
  const { host, port, user, password, database } = server;
  const client = await mysql.createConnection({ host, port, user, password, database, multipleStatements: true });
  // The server is restarted by a test.
  client.on("error", () => {});
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
