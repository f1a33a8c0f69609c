import { exposeMetrics } from "../../metrics/exposed-metrics.js";
import { counter, gauge, histogram } from "../../metrics/metric-family.js";

/** What every metric of a data source's requests is labelled with. Names and values are the Go SDK's. */
export interface HttpMetricLabels {
  /** The plugin's id, without what label values there do not have: `acmeweatherdatasource`. */
  readonly type: string;
  /** Whether requests go through the secure SOCKS proxy. */
  readonly secureSocks: boolean;
  /** `queryData`, `callResource`, `checkHealth`, or empty. */
  readonly endpoint: string;
}

// Names, help texts, labels and buckets are those of the Go SDK (backend/httpclient/datasource_metrics_middleware.go,
// backend/proxy), so that one dashboard shows both.
const labels = ["datasource_type", "secure_socks_ds_proxy_enabled", "endpoint"];
const requests = counter({
  name: "plugins_datasource_request_total",
  help: "A counter for outgoing requests for an external data source",
  labels: [...labels, "code", "method"],
});
const durations = histogram({
  name: "plugins_datasource_request_duration_seconds",
  help: "histogram of durations of outgoing external data source requests sent from Grafana",
  labels: [...labels, "code", "method"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100],
});
const sizes = histogram({
  name: "plugins_datasource_response_size_bytes",
  help: "histogram of external data source response sizes returned to Grafana",
  labels,
  // 128 bytes to 8 GiB, each twice the one before.
  buckets: Array.from({ length: 27 }, (_, i) => 128 * 2 ** i),
});
const lastSize = gauge({
  name: "plugins_datasource_response_size",
  help: "gauge of data source response sizes returned to Grafana in bytes",
  labels,
});
const inFlight = gauge({
  name: "plugins_datasource_request_in_flight",
  help: "A gauge of outgoing external data source requests currently being sent by Grafana",
  labels,
});
const socks = histogram({
  name: "grafana_secure_socks_requests_duration",
  help: "Duration of requests to the secure socks proxy",
  labels: ["code", "datasource", "datasource_type"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});
exposeMetrics(() => [requests, durations, sizes, lastSize, inFlight, socks]);

/** The measurements of one request. */
export interface RequestMetrics {
  /** It was answered: with this status. */
  answered(status: number): void;
  /** No answer came: it counts as in flight only. */
  failed(): void;
  /** The response's body was read or given up: how many bytes of it were read. */
  bodyClosed(bytes: number): void;
}

/** The methods that Go's promhttp has a label for; whatever else a request has, an author's own word too, is one more. */
const METHODS = new Set(["get", "put", "head", "post", "delete", "connect", "options", "notify", "trace", "patch"]);

function methodLabel(method: string): string {
  const label = method.toLowerCase();
  return METHODS.has(label) ? label : "unknown";
}

/** Begins to measure a request. Only the first of `answered` and `failed` counts. */
export function measureRequest(method: string, { type, secureSocks, endpoint }: HttpMetricLabels): RequestMetrics {
  const values = [type, String(secureSocks), endpoint];
  const started = performance.now();
  let wasAnswered = false;
  let over = false;
  const running = inFlight.at(...values);
  running.value++;
  const end = (): boolean => {
    const first = !over;
    over = true;
    running.value -= first ? 1 : 0;
    return first;
  };
  return {
    answered(status) {
      if (!end()) {
        return;
      }
      wasAnswered = true;
      const all = [...values, String(status), methodLabel(method)];
      requests.at(...all).value++;
      durations.at(...all).observe((performance.now() - started) / 1_000);
    },
    failed() {
      end();
    },
    bodyClosed(bytes) {
      if (wasAnswered) {
        sizes.at(...values).observe(bytes);
        lastSize.at(...values).value = bytes;
      }
    },
  };
}

/**
 * Measures a connection by the secure SOCKS proxy.
 *
 * @param code `0`, or the proxy's reply code, or a word
 */
export function measureSocksDial(code: string, datasource: string, type: string, seconds: number): void {
  socks.at(code, datasource, type).observe(seconds);
}

/** A plugin's id as the Go SDK's metrics have it: letters, digits and underscores only. */
export function metricLabel(pluginId: string): string {
  return pluginId.replaceAll(/[^A-Za-z0-9_]|^\d/g, (character) => (character === " " ? "_" : ""));
}
