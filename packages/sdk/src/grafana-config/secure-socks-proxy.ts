import { configError, type GrafanaConfigMap, readFlag } from "./config-values.js";
import { GrafanaConfigKey } from "./keys.js";

/** PEM text that is given as it is, or lies in a file, as Grafana before version 11 gives it. */
export type PemSource = { readonly pem: string } | { readonly file: string };

/** TLS towards the proxy: both sides show a certificate. */
export interface SecureSocksProxyTls {
  /** The name that the proxy's certificate has to be for. */
  readonly serverName: string;
  /** The authorities that the proxy's certificate may come from. */
  readonly rootCas: readonly PemSource[];
  /** The certificate that the proxy is shown. */
  readonly clientCert: PemSource;
  /** The key to that certificate. */
  readonly clientKey: PemSource;
}

/** The SOCKS5 proxy that data sources with "Secure Socks Proxy" switched on are reached through. */
export interface SecureSocksProxy {
  /** The proxy's host name or address. */
  readonly host: string;
  /** The proxy's port. */
  readonly port: number;
  /** Absent where Grafana allows a proxy without TLS. */
  readonly tls: SecureSocksProxyTls | undefined;
}

/**
 * Reads `[secure_socks_datasource_proxy]` of Grafana's configuration.
 *
 * @returns undefined where Grafana has no such proxy
 * @throws DownstreamError (500) that names the setting which is missing or wrong
 */
export function readSecureSocksProxy(config: GrafanaConfigMap): SecureSocksProxy | undefined {
  if (config.get(GrafanaConfigKey.proxyEnabled) !== "true") {
    return undefined;
  }
  const address = readAddress(config);
  if (readFlag(config, GrafanaConfigKey.proxyAllowInsecure)) {
    return { ...address, tls: undefined };
  }
  return {
    ...address,
    tls: {
      serverName: config.get(GrafanaConfigKey.proxyServerName) || address.host,
      rootCas: readRootCas(config),
      clientCert: readPem(config, GrafanaConfigKey.proxyClientCert, GrafanaConfigKey.proxyClientCertFile),
      clientKey: readPem(config, GrafanaConfigKey.proxyClientKey, GrafanaConfigKey.proxyClientKeyFile),
    },
  };
}

function readAddress(config: GrafanaConfigMap): { host: string; port: number } {
  const text = config.get(GrafanaConfigKey.proxyAddress) ?? "";
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+)):(?<port>\d{1,5})$/.exec(text);
  const host = match?.groups?.["v6"] ?? match?.groups?.["name"];
  const port = Number(match?.groups?.["port"]);
  if (host === undefined || port > 65_535) {
    throw configError(GrafanaConfigKey.proxyAddress, `must be host:port, not ${JSON.stringify(text)}`);
  }
  return { host, port };
}

function readRootCas(config: GrafanaConfigMap): PemSource[] {
  const texts = split(config.get(GrafanaConfigKey.proxyRootCas), ",").map((pem) => ({ pem }));
  const sources =
    texts.length > 0 ? texts : split(config.get(GrafanaConfigKey.proxyRootCaFiles), " ").map((file) => ({ file }));
  if (sources.length === 0) {
    throw configError(GrafanaConfigKey.proxyRootCas, "must hold the certificate authority of the proxy");
  }
  return sources;
}

function readPem(config: GrafanaConfigMap, textKey: string, fileKey: string): PemSource {
  const pem = config.get(textKey);
  if (pem !== undefined && pem !== "") {
    return { pem };
  }
  const file = config.get(fileKey);
  if (file !== undefined && file !== "") {
    return { file };
  }
  throw configError(textKey, "must be set, unless the proxy is allowed without TLS");
}

function split(text: string | undefined, separator: string): string[] {
  return (text ?? "").split(separator).filter((part) => part.trim() !== "");
}
