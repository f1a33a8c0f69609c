/** The middle of a list of numbers; the mean of the two middle ones where the count is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/**
 * Median time of one call of each piece of work, in ms, over `runs` timed rounds after a fifth as many that warm them
 * up. The pieces take turns, so that what the machine and the allocator do meanwhile falls on all of them alike.
 */
export function medianTimes<K extends string>(runs: number, works: Readonly<Record<K, () => void>>): Record<K, number> {
  const names = Object.keys(works) as K[];
  const times = names.map((): number[] => []);
  for (let round = -Math.ceil(runs / 5); round < runs; round++) {
    for (const [index, name] of names.entries()) {
      const started = performance.now();
      works[name]();
      const elapsed = performance.now() - started;
      if (round >= 0) {
        times[index]?.push(elapsed);
      }
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, median(times[index] ?? [])])) as Record<K, number>;
}
