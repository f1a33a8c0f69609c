const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps of time that people count in, in ms, ascending; up to a day they are Grafana's. */
export const timeSteps: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7].map((n) => n * day),
];

/**
 * The interval that Grafana asks for when a range is drawn with so many points: the range divided by them, taken to the nearest
 * of {@link timeSteps} (`roundInterval` in Grafana's rangeutil).
 *
 * @returns ms, at least 1.
 */
export function intervalFor(rangeMs: number, maxDataPoints: number): number {
  const exact = rangeMs / maxDataPoints;
  let nearest = 1;
  for (const step of timeSteps) {
    if (exact < (nearest + step) / 2) return nearest;
    nearest = step;
  }
  return nearest;
}
