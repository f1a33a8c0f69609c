import type { DataSourceConfig } from "@framewright/sdk";
import { readGrafanaConfig } from "@framewright/sdk/grafana-config";
import type { PoolOptions } from "@framewright/sdk/sql";
import type { Settings } from "./settings.js";

/** The pool's numbers: those of the settings, else of Grafana's configuration. */
export function poolSize({
  settings,
  grafanaConfig,
}: DataSourceConfig<Settings>): Pick<PoolOptions<unknown>, "maxOpen" | "maxIdle" | "maxLifetimeMs"> {
  const defaults = readGrafanaConfig(grafanaConfig).sql();
  const maxOpen = settings.maxOpenConns ?? defaults.maxOpenConns;
  const maxIdle = settings.maxIdleConnsAuto ? maxOpen : (settings.maxIdleConns ?? defaults.maxIdleConns);
  const lifetime = settings.connMaxLifetime ?? defaults.maxConnLifetimeSeconds;
  return { maxOpen, maxIdle, maxLifetimeMs: lifetime * 1_000 };
}
