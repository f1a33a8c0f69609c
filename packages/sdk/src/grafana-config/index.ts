/**
 * Typed access to the configuration that Grafana sends with each call.
 *
 * @module
 */
export type { GrafanaConfigMap } from "./config-values.js";
export { type GrafanaConfig, readGrafanaConfig, type SqlDefaults } from "./grafana-config.js";
export { type GrafanaUserAgent, parseGrafanaUserAgent } from "./grafana-user-agent.js";
export { GrafanaConfigKey } from "./keys.js";
export type { PemSource, SecureSocksProxy, SecureSocksProxyTls } from "./secure-socks-proxy.js";
