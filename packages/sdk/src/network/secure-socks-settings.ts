import type { PluginIdentity } from "../calls/plugin-identity.js";
import { type GrafanaConfigMap, readGrafanaConfig } from "../grafana-config/index.js";
import type { SecureSocksProxy } from "../grafana-config/secure-socks-proxy.js";
import { readJsonData } from "../settings/json-data.js";

/** A user name and its password. */
export interface Credentials {
  /** The user's name. */
  readonly user: string;
  /** The user's password. */
  readonly password: string;
}

/** Where and how to reach Grafana's secure SOCKS proxy. */
export interface SecureSocksSettings {
  /** The proxy, as Grafana is configured with it. */
  readonly proxy: SecureSocksProxy;
  /** What the proxy is told to know this data source by. */
  readonly credentials: Credentials;
  /** For connecting to the proxy, in ms. */
  readonly timeoutMs: number;
  /** How long an idle connection is kept before the system probes it, in ms. */
  readonly keepAliveMs: number;
}

/** A data source, as far as the way to its server is concerned. The `config` that `open` gets is one. */
export interface DialConfig {
  /** The user name at the secure SOCKS proxy unless the settings say another. */
  readonly uid?: string | undefined;
  /** Its name in Grafana, which labels the metric of the secure SOCKS proxy. */
  readonly name?: string | undefined;
  /** The plugin, as that metric names it. */
  readonly plugin?: PluginIdentity | undefined;
  /** The saved `jsonData`. */
  readonly jsonData: unknown;
  /** The decrypted `secureJsonData`. */
  readonly secureJsonData: Readonly<Record<string, string | undefined>>;
  /** Grafana's configuration. */
  readonly grafanaConfig?: GrafanaConfigMap | undefined;
}

/**
 * Reads `enableSecureSocksProxy` and what goes with it.
 *
 * @returns undefined where the data source does not ask for the proxy, or Grafana has none
 * @throws DownstreamError (400 or 500) that names the setting which is wrong
 */
export function readSecureSocksSettings(config: DialConfig): SecureSocksSettings | undefined {
  const jsonData = readJsonData(config.jsonData);
  const proxy = jsonData.flag("enableSecureSocksProxy")
    ? readGrafanaConfig(config.grafanaConfig ?? new Map()).secureSocksProxy()
    : undefined;
  if (proxy === undefined) {
    return undefined;
  }
  return {
    proxy,
    credentials: {
      user: jsonData.text("secureSocksProxyUsername") ?? config.uid ?? "",
      password: config.secureJsonData["secureSocksProxyPassword"] ?? "",
    },
    timeoutMs: jsonData.seconds("timeout") ?? 30_000,
    keepAliveMs: jsonData.seconds("keepAlive") ?? 30_000,
  };
}
