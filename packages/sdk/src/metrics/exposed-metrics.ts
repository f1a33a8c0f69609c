import { log } from "../log/logger.js";
import type { NamedMetric } from "./metric-family.js";

/** Where metrics come from that are gathered when somebody collects. */
export type MetricsSource = () => readonly NamedMetric[] | Promise<readonly NamedMetric[]>;

/** How long a source, and each of its metrics, may take, in ms; Prometheus waits 10 s for all of them. */
const COLLECT_MS = 2_000;

const sources: MetricsSource[] = [];

/** Exposes metrics from now on. Of several of one name, those that were exposed first count. */
export function exposeMetrics(source: MetricsSource): void {
  sources.push(source);
}

/** All metrics of this process, in Prometheus' text format. Those that fail, or take longer than 2 s, are left out. */
export async function collectMetrics(): Promise<Uint8Array> {
  const { processMetrics } = await import("./process-metrics.js");
  const gathered = await Promise.all([processMetrics, ...sources].map(gather));
  const metrics = new Map<string, NamedMetric>();
  for (const metric of gathered.flat()) {
    if (metrics.has(metric.name)) {
      warnOnce(metric.name);
    } else {
      metrics.set(metric.name, metric);
    }
  }
  const texts = await Promise.all([...metrics.values()].map(textOf));
  return new TextEncoder().encode(texts.join(""));
}

async function gather(source: MetricsSource): Promise<readonly NamedMetric[]> {
  try {
    return await withLimit(source);
  } catch (error) {
    log.error("metrics cannot be collected", { error });
    return [];
  }
}

/** One metric that fails or hangs, an author's gauge that asks a server for example, leaves the others. */
async function textOf(metric: NamedMetric): Promise<string> {
  try {
    return await withLimit(() => metric.text());
  } catch (error) {
    log.error("a metric cannot be collected", { metric: metric.name, error });
    return "";
  }
}

async function withLimit<T>(work: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`there was no answer within ${COLLECT_MS / 1_000} s`)), COLLECT_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const warned = new Set<string>();

function warnOnce(name: string): void {
  if (!warned.has(name)) {
    warned.add(name);
    log.warn("a metric has a name that is taken, and is not exposed", { metric: name });
  }
}
