import { configError, type GrafanaConfigMap, readCount } from "./config-values.js";
import { GrafanaConfigKey } from "./keys.js";
import { readSecureSocksProxy, type SecureSocksProxy } from "./secure-socks-proxy.js";

/** What Grafana's configuration says about SQL data sources. */
export interface SqlDefaults {
  /** Most rows of one answer; 1,000,000 where Grafana does not say. */
  readonly rowLimit: number;
  /** Connections of a pool; 0 is no limit. 100 where Grafana does not say. */
  readonly maxOpenConns: number;
  /** Connections that a pool keeps open. 100 where Grafana does not say. */
  readonly maxIdleConns: number;
  /** Age at which a connection is replaced, in seconds; 0 is never. 14,400 where Grafana does not say. */
  readonly maxConnLifetimeSeconds: number;
}

/**
 * Grafana's configuration as it came with a call. Each value is read when it is asked for, with one `get` of the map, so
 * that a value which nobody uses cannot fail, and a map that notes what is read knows what an instance depends on.
 */
export interface GrafanaConfig {
  /** A value by its name; see `GrafanaConfigKey` for the names. */
  get(key: string): string | undefined;
  /** Whether a feature toggle is enabled in this Grafana. Names are case-sensitive. */
  isFeatureEnabled(name: string): boolean;
  /** Names of all enabled feature toggles. */
  enabledFeatures(): ReadonlySet<string>;
  /**
   * Grafana's own address, for links back and for its HTTP API.
   *
   * @throws DownstreamError (500) where Grafana does not send it, as before 10.2
   */
  appUrl(): URL;
  /** How many queries of one request may run side by side; 10 where Grafana does not say, or no number above 0. */
  concurrentQueryCount(): number;
  /** The text for errors that users must not see; undefined where Grafana does not say. */
  userFacingDefaultError(): string | undefined;
  /** @throws DownstreamError (500) that names the value which is not a number */
  sql(): SqlDefaults;
  /** Most bytes of one HTTP response; undefined where there is no limit, and for what is not a number, as in Go. */
  responseLimit(): number | undefined;
  /** @throws DownstreamError (500) where Grafana does not send it, as for plugins without a service account */
  appClientSecret(): string;
  /** How many messages Grafana Live queues for one client; undefined where Grafana does not say. */
  liveClientQueueMaxSize(): number | undefined;
  /** The proxy for data sources that ask for it; undefined where Grafana has none. */
  secureSocksProxy(): SecureSocksProxy | undefined;
}

/**
 * Gives typed access to Grafana's configuration.
 *
 * @param config `DataSourceConfig.grafanaConfig` or `PluginContext.grafanaConfig`
 * @param env where the app URL and the client secret are looked for when the map lacks them, as older Grafanas have it
 */
export function readGrafanaConfig(
  config: GrafanaConfigMap,
  env: Readonly<Record<string, string | undefined>> = process.env,
): GrafanaConfig {
  const enabledFeatures = (): ReadonlySet<string> =>
    new Set((config.get(GrafanaConfigKey.featureToggles) ?? "").split(",").filter((name) => name !== ""));
  const fromMapOrEnvironment = (key: string): string => {
    const value = config.get(key) ?? env[key] ?? "";
    if (value === "") {
      throw configError(key, "is not set; a newer Grafana may be needed");
    }
    return value;
  };
  return {
    get: (key) => config.get(key),
    isFeatureEnabled: (name) => enabledFeatures().has(name),
    enabledFeatures,
    appUrl() {
      const text = fromMapOrEnvironment(GrafanaConfigKey.appUrl);
      if (!URL.canParse(text)) {
        throw configError(GrafanaConfigKey.appUrl, `must be a URL, not ${JSON.stringify(text)}`);
      }
      return new URL(text);
    },
    concurrentQueryCount: () => readConcurrentQueryCount(config),
    userFacingDefaultError: () => config.get(GrafanaConfigKey.userFacingDefaultError),
    sql: () => ({
      rowLimit: readCount(config, GrafanaConfigKey.sqlRowLimit) ?? 1_000_000,
      maxOpenConns: readCount(config, GrafanaConfigKey.sqlMaxOpenConns) ?? 100,
      maxIdleConns: readCount(config, GrafanaConfigKey.sqlMaxIdleConns) ?? 100,
      maxConnLifetimeSeconds: readCount(config, GrafanaConfigKey.sqlMaxConnLifetimeSeconds) ?? 14_400,
    }),
    responseLimit: () => parseResponseLimit(config.get(GrafanaConfigKey.responseLimit)),
    appClientSecret: () => fromMapOrEnvironment(GrafanaConfigKey.appClientSecret),
    liveClientQueueMaxSize: () => readCount(config, GrafanaConfigKey.liveClientQueueMaxSize),
    secureSocksProxy: () => readSecureSocksProxy(config),
  };
}

/**
 * How many queries of a request run side by side: `concurrent_query_count` in Grafana's ini file. What is no number above 0 is
 * Grafana's own default, as in the Go SDK's `experimental/concurrent`: a dashboard must not fail for it.
 */
export function readConcurrentQueryCount(config: GrafanaConfigMap): number {
  const text = config.get(GrafanaConfigKey.concurrentQueryCount) ?? "";
  const count = /^\+?\d+$/.test(text) ? Number(text) : 0;
  return count > 0 && Number.isSafeInteger(count) ? count : 10;
}

/** A limit in bytes: undefined for none, for 0 and less, and for what is not a whole number, as in the Go SDK. */
export function parseResponseLimit(text: string | undefined): number | undefined {
  const limit = /^\+?\d+$/.test(text ?? "") ? Number(text) : 0;
  return limit > 0 ? limit : undefined;
}
