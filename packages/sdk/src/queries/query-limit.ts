/** How many queries of a request run side by side where Grafana does not say; Grafana's own default and the Go SDK's figure. */
const DEFAULT_LIMIT = 10;

/**
 * How many queries of a request run side by side: `GF_CONCURRENT_QUERY_COUNT` of Grafana's configuration, which is
 * `concurrent_query_count` in its ini file.
 */
export function queryLimit(grafanaConfig: ReadonlyMap<string, string>): number {
  const count = Number(grafanaConfig.get("GF_CONCURRENT_QUERY_COUNT"));
  return Number.isInteger(count) && count > 0 ? count : DEFAULT_LIMIT;
}
