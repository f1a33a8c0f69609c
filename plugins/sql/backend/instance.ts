import { type DataSourceConfig, DownstreamError } from "@framewright/sdk";
import { readGrafanaConfig } from "@framewright/sdk/grafana-config";
import { parseInterval, rowLimit } from "@framewright/sdk/sql";
import type { Engine } from "./engine.js";
import { openPostgres } from "./postgres/open-postgres.js";
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

/** Opens a data source. @throws DownstreamError (400) that names the setting which is wrong */
export async function openInstance(config: DataSourceConfig<Settings>): Promise<Instance> {
  const { settings, grafanaConfig } = config;
  const limits = {
    rows: rowLimit(readGrafanaConfig(grafanaConfig).sql().rowLimit, settings.rowLimit),
    intervalMs: leastInterval(settings.timeInterval),
    timeoutMs: settings.queryTimeout * 1_000,
  };
  const engine = await openPostgres(config);
  return { engine, limits, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

/** In ms; 0 where there is none. */
function leastInterval(timeInterval: string | undefined): number {
  if (timeInterval === undefined) {
    return 0;
  }
  const nanoseconds = parseInterval(timeInterval.replace(/^>/, ""));
  if (nanoseconds === undefined) {
    throw new DownstreamError("settings.timeInterval: must be a number and a unit, such as 10s or 1m", { status: 400 });
  }
  return Number(nanoseconds / 1_000_000n);
}
