/**
 * Metrics of a plugin's own, with prom-client: what is made here, or registered with `register`, is among the plugin's metrics.
 */
import { register } from "prom-client";
import { exposeMetrics } from "./exposed-metrics.js";

export {
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  register,
  Summary,
  type SummaryConfiguration,
} from "prom-client";

exposeMetrics(() =>
  register.getMetricsAsArray().map(({ name }) => ({
    name,
    text: async () => `${await register.getSingleMetricAsString(name)}\n`,
  })),
);
