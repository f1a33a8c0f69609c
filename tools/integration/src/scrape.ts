import type { Plugin } from "@framewright/host";
import { sdkProbeContext } from "./sdk-probe.js";

type Labels = Readonly<Record<string, string>>;

/** A plugin's metrics at one moment. */
export interface Scrape {
  readonly text: string;
  /** The samples of each name that stands before labels or a value: a histogram's buckets, sum and count apart. */
  readonly samples: ReadonlyMap<string, readonly { readonly labels: Labels; readonly value: number }[]>;
  /** The value of the sample with exactly these labels; 0 where there is none. */
  value(name: string, labels?: Labels): number;
}

/** Collects a plugin's metrics. */
export async function scrape(plugin: Plugin): Promise<Scrape> {
  const text = await plugin.collectMetrics(sdkProbeContext());
  const samples = new Map<string, { labels: Labels; value: number }[]>();
  for (const line of text.split("\n")) {
    if (line !== "" && !line.startsWith("#")) {
      const { name, labels, value } = readSample(line);
      samples.set(name, [...(samples.get(name) ?? []), { labels, value }]);
    }
  }
  return {
    text,
    samples,
    value(name, labels = {}) {
      const same = (has: Labels): boolean =>
        Object.keys(has).length === Object.keys(labels).length &&
        Object.entries(labels).every(([label, value]) => has[label] === value);
      return samples.get(name)?.find((sample) => same(sample.labels))?.value ?? 0;
    },
  };
}

/** Reads a sample of Prometheus' text format. That all of it is well-formed is what Prometheus' own parser says in another test. */
function readSample(line: string): { readonly name: string; readonly labels: Labels; readonly value: number } {
  const [, name, pairs = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) {
    throw new Error(`not a sample of Prometheus' text format: ${line}`);
  }
  const labels = [...pairs.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map(([, label = "", text = ""]) => [
    label,
    text.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character)),
  ]);
  return { name, labels: Object.fromEntries(labels), value: Number(value) };
}
