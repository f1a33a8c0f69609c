import type { DataSourceConfig } from "@framewright/sdk";
import { readGrafanaConfig } from "@framewright/sdk/grafana-config";
import { rowLimit } from "@framewright/sdk/sql";
import type { Engine } from "./engine.js";
import type { Settings } from "./settings.js";

/** An open data source: its database, and what its settings allow. */
export interface Instance extends AsyncDisposable {
  readonly engine: Engine;
  readonly limits: QueryLimits;
}

/** What the settings allow a query. */
export interface QueryLimits {
  /** Most rows of a query. */
  readonly rows: number;
  /** What `$__interval` is at least, in ms. */
  readonly intervalMs: number;
  /** How long a query may take, in ms; 0 is no limit. */
  readonly timeoutMs: number;
}

/** What opens each kind of database; of the others nothing is loaded. */
const open = {
  postgres: async (config: DataSourceConfig<Settings>): Promise<Engine> =>
    (await import("./postgres/open-postgres.js")).openPostgres(config),
  mysql: async (config: DataSourceConfig<Settings>): Promise<Engine> =>
    (await import("./mysql/open-mysql.js")).openMysql(config),
};

/** Opens a data source. @throws DownstreamError (400) that names the setting which is wrong */
export async function openInstance(config: DataSourceConfig<Settings>): Promise<Instance> {
  const { settings, grafanaConfig } = config;
  const limits = {
    rows: rowLimit(readGrafanaConfig(grafanaConfig).sql().rowLimit, settings.rowLimit),
    intervalMs: settings.timeInterval ?? 0,
    timeoutMs: settings.queryTimeout * 1_000,
  };
  const engine = await open[settings.engine](config);
  return { engine, limits, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}
