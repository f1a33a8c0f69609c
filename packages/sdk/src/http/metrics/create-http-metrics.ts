import type { Registry } from "prom-client";
import type { HttpMetrics } from "./http-metrics.js";

const LABELS = ["datasource_type", "secure_socks_ds_proxy_enabled", "endpoint"] as const;

/** 128 bytes to 8 GiB, each twice the one before. */
const SIZE_BUCKETS = Array.from({ length: 27 }, (_, i) => 128 * 2 ** i);

/**
 * Registers the metrics of outgoing requests under the names, help texts, labels and buckets that the Go SDK exposes them under
 * (`backend/httpclient/datasource_metrics_middleware.go`, `backend/proxy`), so that one dashboard shows both. prom-client
 * is loaded by the first call.
 *
 * @param registry where the metrics go; once for each registry
 */
export async function createHttpMetrics(registry: Registry): Promise<HttpMetrics> {
  const { Counter, Gauge, Histogram } = await import("prom-client");
  const registers = [registry];
  const requests = new Counter({
    name: "plugins_datasource_request_total",
    help: "A counter for outgoing requests for an external data source",
    labelNames: [...LABELS, "code", "method"],
    registers,
  });
  const durations = new Histogram({
    name: "plugins_datasource_request_duration_seconds",
    help: "histogram of durations of outgoing external data source requests sent from Grafana",
    labelNames: [...LABELS, "code", "method"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100],
    registers,
  });
  const sizes = new Histogram({
    name: "plugins_datasource_response_size_bytes",
    help: "histogram of external data source response sizes returned to Grafana",
    labelNames: LABELS,
    buckets: SIZE_BUCKETS,
    registers,
  });
  const lastSize = new Gauge({
    name: "plugins_datasource_response_size",
    help: "gauge of data source response sizes returned to Grafana in bytes",
    labelNames: LABELS,
    registers,
  });
  const inFlight = new Gauge({
    name: "plugins_datasource_request_in_flight",
    help: "A gauge of outgoing external data source requests currently being sent by Grafana",
    labelNames: LABELS,
    registers,
  });
  const socks = new Histogram({
    name: "grafana_secure_socks_requests_duration",
    help: "Duration of requests to the secure socks proxy",
    labelNames: ["code", "datasource", "datasource_type"],
    registers,
  });
  return {
    inFlight: (labels, change) => inFlight.inc({ ...labels }, change),
    answered(labels, code, method, seconds) {
      requests.inc({ ...labels, code, method });
      durations.observe({ ...labels, code, method }, seconds);
    },
    responseSize(labels, bytes) {
      sizes.observe({ ...labels }, bytes);
      lastSize.set({ ...labels }, bytes);
    },
    socksDial: (code, datasource, datasource_type, seconds) =>
      socks.observe({ code, datasource, datasource_type }, seconds),
  };
}
