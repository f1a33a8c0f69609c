/** What every metric of a data source's requests is labelled with. Names and values are the Go SDK's. */
export interface HttpMetricLabels {
  /** The plugin's id, without what label values there do not have: `acmeweatherdatasource`. */
  readonly datasource_type: string;
  /** Whether the request went through the secure SOCKS proxy: `true` or `false`. */
  readonly secure_socks_ds_proxy_enabled: "true" | "false";
  /** `queryData`, `callResource`, `checkHealth`, or empty. */
  readonly endpoint: string;
}

/**
 * Takes the measurements of a client's requests. `createHttpMetrics` makes one of a prom-client registry; without one,
 * nothing is measured and prom-client is not loaded.
 */
export interface HttpMetrics {
  /** A request begins (1) or is answered, or failed (-1). */
  inFlight(labels: HttpMetricLabels, change: 1 | -1): void;
  /** A request was answered: the status, the method in small letters, and the seconds until the response's headers. */
  answered(labels: HttpMetricLabels, code: string, method: string, seconds: number): void;
  /** A response's body was read or given up: how many bytes of it were read. */
  responseSize(labels: HttpMetricLabels, bytes: number): void;
  /** The secure SOCKS proxy connected (code `0`) or did not (its reply code, or a word), after so many seconds. */
  socksDial(code: string, datasource: string, datasourceType: string, seconds: number): void;
}

/** A plugin's id as the Go SDK's metrics have it: letters, digits and underscores only. */
export function metricLabel(pluginId: string): string {
  return pluginId.replaceAll(/[^A-Za-z0-9_]|^\d/g, (character) => (character === " " ? "_" : ""));
}
