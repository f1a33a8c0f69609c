import type { PluginIdentity } from "../../calls/plugin-identity.js";
import { type GrafanaConfigMap, readGrafanaConfig } from "../../grafana-config/index.js";
import {
  type Credentials,
  readSecureSocksSettings,
  type SecureSocksSettings,
} from "../../network/secure-socks-settings.js";
import { type JsonDataReader, readJsonData } from "../../settings/json-data.js";
import { readBaseUrl } from "../url/base-url.js";
import { readCustomHeaders } from "./custom-headers.js";
import { readTlsSettings, type TlsSettings } from "./tls-settings.js";

/** A data source, as far as its HTTP client is concerned. The `config` that `open` gets is one. */
export interface HttpClientConfig {
  /** Identifies the data source; the user name at the secure SOCKS proxy unless its settings say another. */
  readonly uid?: string | undefined;
  /** Its name in Grafana, which labels the metric of the secure SOCKS proxy. */
  readonly name?: string | undefined;
  /** The plugin, as the requests' user agent and metrics name it. */
  readonly plugin?: PluginIdentity | undefined;
  /** What relative URLs are relative to: `http:` or `https:`. */
  readonly url?: string | undefined;
  /** User for basic authentication together with the secret `password`, where `basicAuth` is off. */
  readonly user?: string | undefined;
  /** Present when basic authentication is switched on; its password is the secret `basicAuthPassword`. */
  readonly basicAuth?: { readonly user: string } | undefined;
  /** The saved `jsonData`, with Grafana's HTTP settings in it. */
  readonly jsonData: unknown;
  /** The decrypted `secureJsonData`, with the secrets of those settings in it. */
  readonly secureJsonData: Secrets;
  /** Grafana's configuration. */
  readonly grafanaConfig?: GrafanaConfigMap | undefined;
}

/** Secrets by their names. */
export type Secrets = Readonly<Record<string, string | undefined>>;

/** Lengths of time in ms. 0 is "no limit", except where said otherwise. */
export interface HttpTimeouts {
  /** For a whole request: connecting, redirects, retries and the last byte of the answer. 30 s unless set (`timeout`). */
  readonly requestMs: number;
  /** For a TCP connection. 10 s unless set (`dialTimeout`). */
  readonly dialMs: number;
  /** For the TLS handshake after it. 10 s unless set (`httpTLSHandshakeTimeout`). */
  readonly tlsHandshakeMs: number;
  /** Silence after which TCP asks whether the other side is still there. 30 s unless set (`httpKeepAlive`); 0 is 15 s. */
  readonly keepAliveMs: number;
  /** How long an unused connection is kept, unless the server says less. 90 s unless set (`httpIdleConnTimeout`). */
  readonly idleMs: number;
}

/** Everything that a data source's settings say about HTTP. */
export interface HttpSettings {
  /** The data source's URL, below which all requests stay. */
  readonly url: URL | undefined;
  /** What basic authentication sends, where it is switched on. */
  readonly basicAuth: Credentials | undefined;
  /** Headers that the user added, in their order (`httpHeaderName1` and so on). */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Which certificates are trusted and shown. */
  readonly tls: TlsSettings;
  /** How long a request and its parts may take. */
  readonly timeouts: HttpTimeouts;
  /** Most connections to one host; undefined is no limit (`httpMaxConnsPerHost`). */
  readonly maxConnectionsPerHost: number | undefined;
  /** Whether the user's OAuth tokens go with each request (`oauthPassThru`). */
  readonly forwardOAuthIdentity: boolean;
  /** Names of the cookies that go with each request (`keepCookies`): `name`, `prefix[]`, or `[]` for all. */
  readonly keepCookies: readonly string[];
  /** Present when the data source asks for the proxy and Grafana has one. */
  readonly secureSocks: SecureSocksSettings | undefined;
}

/**
 * Reads what Grafana's HTTP settings, provisioning files and the Go SDK's `HTTPClientOptions` agree on.
 *
 * @throws DownstreamError (400) that names the field of the settings, or the secret, that is missing or wrong
 */
export function readHttpSettings(config: HttpClientConfig): HttpSettings {
  const jsonData = readJsonData(config.jsonData);
  const grafana = readGrafanaConfig(config.grafanaConfig ?? new Map());
  const base = readBaseUrl(config.url);
  const tls = readTlsSettings(jsonData, config.secureJsonData);
  return {
    url: base.url,
    basicAuth: readBasicAuth(config, jsonData) ?? base.credentials,
    headers: readCustomHeaders(jsonData, config.secureJsonData),
    tls: grafana.isFeatureEnabled("pluginsForceTls13") ? { ...tls, minVersion: "TLSv1.3" } : tls,
    timeouts: {
      requestMs: jsonData.seconds("timeout") ?? 30_000,
      dialMs: jsonData.seconds("dialTimeout") ?? 10_000,
      tlsHandshakeMs: jsonData.seconds("httpTLSHandshakeTimeout") ?? 10_000,
      keepAliveMs: jsonData.seconds("httpKeepAlive") ?? 30_000,
      idleMs: jsonData.seconds("httpIdleConnTimeout") ?? 90_000,
    },
    maxConnectionsPerHost: jsonData.count("httpMaxConnsPerHost") || undefined,
    forwardOAuthIdentity: jsonData.flag("oauthPassThru"),
    keepCookies: jsonData.texts("keepCookies"),
    secureSocks: readSecureSocksSettings(config),
  };
}

function readBasicAuth(config: HttpClientConfig, jsonData: JsonDataReader): Credentials | undefined {
  const { secureJsonData: secrets } = config;
  if (config.basicAuth !== undefined) {
    return { user: config.basicAuth.user, password: secrets["basicAuthPassword"] ?? "" };
  }
  if (config.user !== undefined && config.user !== "") {
    return { user: config.user, password: secrets["password"] ?? "" };
  }
  // An app has no fields of its own for this; its settings hold them.
  return jsonData.flag("basicAuth")
    ? { user: jsonData.text("basicAuthUser") ?? "", password: secrets["basicAuthPassword"] ?? "" }
    : undefined;
}
