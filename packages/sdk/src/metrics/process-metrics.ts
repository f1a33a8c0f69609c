/**
 * The process's metrics in Prometheus' text format, under the names that client libraries share
 * (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
 * prom-client is loaded by the first call, so that a plugin nobody scrapes pays nothing for it.
 */
export async function collectProcessMetrics(): Promise<Uint8Array> {
  metrics ??= createRegistry();
  return new TextEncoder().encode(await (await metrics).metrics());
}

let metrics: ReturnType<typeof createRegistry> | undefined;

async function createRegistry() {
  const { Counter, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  const registers = [registry];
  // prom-client's own default metrics count from when it was loaded; these read what the system has counted all along.
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Total user and system CPU time spent in seconds.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const startSeconds = Date.now() / 1e3 - process.uptime();
  gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", () => startSeconds);
  gauge("process_resident_memory_bytes", "Resident memory size in bytes.", () => process.memoryUsage.rss());
  gauge("nodejs_heap_size_used_bytes", "Bytes of the heap in use.", () => process.memoryUsage().heapUsed);
  gauge("nodejs_heap_size_total_bytes", "Bytes of the heap.", () => process.memoryUsage().heapTotal);
  gauge("nodejs_external_memory_bytes", "Bytes of memory outside the heap.", () => process.memoryUsage().external);
  return registry;
}
