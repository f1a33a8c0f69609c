/** Which Grafana makes a call. Source: grafana-plugin-sdk-go, `backend/useragent`. */
export interface GrafanaUserAgent {
  /** Semantic version, for example `12.1.0`. */
  readonly version: string;
  /** For example `linux`. */
  readonly os: string;
  /** For example `amd64`. */
  readonly arch: string;
}

/**
 * Reads `Grafana/<version> (<os>; <arch>)`, the form of `PluginContext.userAgent`.
 *
 * @returns undefined for any other text, and for none: Grafana sends it since 10.2
 */
export function parseGrafanaUserAgent(text: string): GrafanaUserAgent | undefined {
  const match = /^Grafana\/(\d+\.\d+\.\d+\S*) \(([a-zA-Z0-9]+); ([a-zA-Z0-9]+)\)$/.exec(text);
  const [, version, os, arch] = match ?? [];
  return version === undefined || os === undefined || arch === undefined ? undefined : { version, os, arch };
}
