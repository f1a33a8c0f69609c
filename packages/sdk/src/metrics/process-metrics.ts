/**
 * The process's metrics in Prometheus' text format: CPU, memory, event loop lag, garbage collection.
 * prom-client is loaded by the first call, so that a plugin nobody scrapes pays nothing for it.
 */
export async function collectProcessMetrics(): Promise<Uint8Array> {
  const { collectDefaultMetrics, register } = await import("prom-client");
  if (register.getSingleMetric("process_start_time_seconds") === undefined) {
    collectDefaultMetrics({ register });
  }
  return new TextEncoder().encode(await register.metrics());
}
