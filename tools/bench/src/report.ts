/** One line of a benchmark: what was measured, and the figure. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
}

/** One benchmark's result. Of two runs on one machine only the ratio means something on another. */
export interface Report {
  readonly title: string;
  /** `ms`, `MB/s` and the like. */
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly ours: Measurement;
  /** What a user would use instead. */
  readonly others: readonly Measurement[];
}

/** Prints a result as a small table, each other with its ratio to ours: above 1, ours is better. */
export function formatReport({ title, unit, better, ours, others }: Report): string {
  const width = Math.max(...[ours, ...others].map(({ what }) => what.length));
  const line = ({ what, value }: Measurement, note: string): string =>
    `  ${what.padEnd(width)}  ${formatNumber(value).padStart(9)} ${unit}${note}`;
  const ratio = ({ value }: Measurement): number => (better === "lower" ? value / ours.value : ours.value / value);
  return [
    `${title} (${better} is better)`,
    line(ours, ""),
    ...others.map((other) => line(other, `   ours is ${ratio(other).toFixed(2)} × as good`)),
  ].join("\n");
}

function formatNumber(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
