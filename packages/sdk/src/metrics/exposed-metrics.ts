import { log } from "../log/logger.js";
import type { NamedMetric } from "./metric-family.js";

/** Where metrics come from that are gathered when somebody collects. */
export type MetricsSource = () => readonly NamedMetric[] | Promise<readonly NamedMetric[]>;

const sources: MetricsSource[] = [];

/** Exposes metrics from now on. Of several of one name, those that were exposed first count. */
export function exposeMetrics(source: MetricsSource): void {
  sources.push(source);
}

/** All metrics of this process, in Prometheus' text format. */
export async function collectMetrics(): Promise<Uint8Array> {
  const { processMetrics } = await import("./process-metrics.js");
  const names = new Set<string>();
  const texts: string[] = [];
  for (const source of [processMetrics, ...sources]) {
    for (const metric of await gather(source)) {
      if (names.has(metric.name)) {
        warnOnce(metric.name);
      } else {
        names.add(metric.name);
        texts.push(await textOf(metric));
      }
    }
  }
  return new TextEncoder().encode(texts.join(""));
}

/** One source that fails, an author's gauge that asks a server for example, leaves the others. */
async function gather(source: MetricsSource): Promise<readonly NamedMetric[]> {
  try {
    return await source();
  } catch (error) {
    log.error("metrics cannot be collected", { error });
    return [];
  }
}

async function textOf(metric: NamedMetric): Promise<string> {
  try {
    return await metric.text();
  } catch (error) {
    log.error("a metric cannot be collected", { metric: metric.name, error });
    return "";
  }
}

const warned = new Set<string>();

function warnOnce(name: string): void {
  if (!warned.has(name)) {
    warned.add(name);
    log.warn("a metric has a name that is taken, and is not exposed", { metric: name });
  }
}
