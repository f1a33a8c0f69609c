import { readdirSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { NamedMetric } from "./metric-family.js";
import { helpAndType, sampleLine } from "./text-format.js";

/** How often the event loop is looked at, in ms. prom-client's figure. */
const RESOLUTION_MS = 10;

// Begun by the first who collects, with the loading of this module: a timer that nobody asked for would wake an idle plugin.
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

// Reckoned once: clocks that differ by a microsecond would look like a process that was started anew.
const startedAt = Date.now() / 1e3 - process.uptime();

/**
 * The process's metrics, under the names that client libraries share
 * (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), and those of the runtime under prom-client's
 * names. They read what the system has counted all along. What a system or runtime cannot tell is left out.
 */
export function processMetrics(): readonly NamedMetric[] {
  const { user, system } = process.cpuUsage();
  const memory = unlessUnreadable(() => process.memoryUsage());
  const metrics: (NamedMetric | undefined)[] = [
    metric(
      "counter",
      "process_cpu_seconds_total",
      "Total user and system CPU time spent in seconds.",
      (user + system) / 1e6,
    ),
    metric("counter", "process_cpu_user_seconds_total", "Total user CPU time spent in seconds.", user / 1e6),
    metric("counter", "process_cpu_system_seconds_total", "Total system CPU time spent in seconds.", system / 1e6),
    metric("gauge", "process_start_time_seconds", "Start time of the process since unix epoch in seconds.", startedAt),
    metric("gauge", "process_resident_memory_bytes", "Resident memory size in bytes.", memory?.rss),
    metric("gauge", "process_virtual_memory_bytes", "Virtual memory size in bytes.", virtualMemory()),
    metric("gauge", "process_open_fds", "Number of open file descriptors.", openFiles()),
    metric("gauge", "process_max_fds", "Maximum number of open file descriptors.", maxOpenFiles()),
    metric("gauge", "nodejs_heap_size_used_bytes", "Bytes of the heap in use.", memory?.heapUsed),
    metric("gauge", "nodejs_heap_size_total_bytes", "Bytes of the heap.", memory?.heapTotal),
    metric("gauge", "nodejs_external_memory_bytes", "Bytes of memory outside the heap.", memory?.external),
    ...lagMetrics(),
  ];
  return metrics.filter((one) => one !== undefined);
}

function metric(type: string, name: string, help: string, value: number | undefined): NamedMetric | undefined {
  return value === undefined || !Number.isFinite(value)
    ? undefined
    : { name, text: () => helpAndType(name, help, type) + sampleLine(name, [], value) };
}

/** How late timers were since metrics were last collected. Node's figures hold the time between two looks, Bun's do not. */
function lagMetrics(): (NamedMetric | undefined)[] {
  const expected = "bun" in process.versions ? 0 : RESOLUTION_MS / 1e3;
  const read: readonly (readonly [what: string, help: string, nanoseconds: number])[] = [
    ["min", "The minimum recorded event loop delay.", delay.min],
    ["max", "The maximum recorded event loop delay.", delay.max],
    ["mean", "The mean of the recorded event loop delays.", delay.mean],
    ["p50", "The 50th percentile of the recorded event loop delays.", delay.percentile(50)],
    ["p90", "The 90th percentile of the recorded event loop delays.", delay.percentile(90)],
    ["p99", "The 99th percentile of the recorded event loop delays.", delay.percentile(99)],
  ];
  const nothing = delay.count === 0;
  delay.reset();
  return read.map(([what, help, nanoseconds]) =>
    metric(
      "gauge",
      `nodejs_eventloop_lag_${what}_seconds`,
      help,
      nothing ? 0 : Math.max(0, nanoseconds / 1e9 - expected),
    ),
  );
}

/** The size in bytes on Linux, whose /proc tells it in pages of 4 KiB or in kB. */
function virtualMemory(): number | undefined {
  const kilobytes = /^VmSize:\s+(\d+) kB$/m.exec(readText("/proc/self/status"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function openFiles(): number | undefined {
  // One of them is the folder itself, while it is read.
  return unlessUnreadable(() => readdirSync("/proc/self/fd").length - 1);
}

function maxOpenFiles(): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(readText("/proc/self/limits"))?.[1];
  return limit === undefined ? undefined : Number(limit);
}

function readText(path: string): string {
  return unlessUnreadable(() => readFileSync(path, "utf8")) ?? "";
}

/** Undefined where the system has no such file, or lets the process open no more: the other figures stay. */
function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
