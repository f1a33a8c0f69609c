import { helpAndType, sampleLine } from "./text-format.js";

/** A metric's text, ready to be exposed. */
export interface NamedMetric {
  readonly name: string;
  /** Help, type and samples in Prometheus' text format, each line with its line feed. */
  text(): string | Promise<string>;
}

/** A number that goes up, or up and down: the one of a counter or gauge with its labels' values. */
export interface NumberCell {
  value: number;
}

/** A distribution of observed numbers. */
export interface HistogramCell {
  observe(value: number): void;
}

/** A metric and its samples, one for each combination of its labels' values that was seen. */
export interface MetricFamily<Cell> extends NamedMetric {
  /** The sample with these values, in the order of the label names. Kept by who uses it often, it costs nothing to find. */
  at(...values: readonly string[]): Cell;
  text(): string;
}

/** What a metric is made of. */
export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** A number that only goes up. Counting is adding to a number in memory; prom-client is for what authors count. */
export function counter(options: MetricOptions): MetricFamily<NumberCell> {
  return numberFamily(options, "counter");
}

/** A number that goes up and down. */
export function gauge(options: MetricOptions): MetricFamily<NumberCell> {
  return numberFamily(options, "gauge");
}

/** @param buckets upper bounds, ascending, without infinity */
export function histogram(
  options: MetricOptions & { readonly buckets: readonly number[] },
): MetricFamily<HistogramCell> {
  const { name, buckets } = options;
  const bounds = [...buckets.map(String), "+Inf"];
  return family(
    options,
    "histogram",
    () => {
      const counts = bounds.map(() => 0);
      let sum = 0;
      return {
        counts,
        sum: () => sum,
        observe(value: number) {
          const bucket = buckets.findIndex((bound) => value <= bound);
          const index = bucket === -1 ? buckets.length : bucket;
          counts[index] = (counts[index] ?? 0) + 1;
          sum += value;
        },
      };
    },
    ({ counts, sum }, labels) => {
      let total = 0;
      const lines = bounds.map((le, index) => {
        total += counts[index] ?? 0;
        return sampleLine(`${name}_bucket`, [...labels, ["le", le]], total);
      });
      return [...lines, sampleLine(`${name}_sum`, labels, sum()), sampleLine(`${name}_count`, labels, total)].join("");
    },
  );
}

function numberFamily(options: MetricOptions, type: "counter" | "gauge"): MetricFamily<NumberCell> {
  return family(
    options,
    type,
    () => ({ value: 0 }),
    ({ value }, labels) => sampleLine(options.name, labels, value),
  );
}

function family<Cell>(
  { name, help, labels = [] }: MetricOptions,
  type: string,
  create: () => Cell,
  write: (cell: Cell, labels: readonly (readonly [string, string])[]) => string,
): MetricFamily<Cell> {
  const cells = new Map<string, { readonly values: readonly string[]; readonly cell: Cell }>();
  return {
    name,
    at(...values) {
      const key = values.join("\0");
      let found = cells.get(key);
      if (found === undefined) {
        found = { values, cell: create() };
        cells.set(key, found);
      }
      return found.cell;
    },
    text() {
      const samples = [...cells.values()].map(({ values, cell }) =>
        write(
          cell,
          labels.map((label, index) => [label, values[index] ?? ""]),
        ),
      );
      return samples.length === 0 ? "" : helpAndType(name, help, type) + samples.join("");
    },
  };
}
