import type { CollectMetricsResponse } from "@framewright/protocol";
import { collectMetrics } from "./exposed-metrics.js";

/** The RPC by which Grafana collects a plugin's metrics, those of its author among them. */
export async function metricsHandler(): Promise<CollectMetricsResponse> {
  return { metrics: { prometheus: await collectMetrics() } };
}
