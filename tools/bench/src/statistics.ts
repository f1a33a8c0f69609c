/** The middle of a list of numbers; the mean of the two middle ones where the count is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** Median time of one call of `work`, in ms, over `runs` timed calls after a fifth as many that warm it up. */
export function medianTime(runs: number, work: () => void): number {
  for (let i = 0; i < Math.ceil(runs / 5); i++) {
    work();
  }
  return median(
    Array.from({ length: runs }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
}
