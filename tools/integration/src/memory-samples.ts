import { residentBytes } from "./process-memory.js";

/** How often a process is looked at, in ms. */
const SAMPLE_MS = 100;

/** What a process had in RAM while something was done. */
export interface MemorySamples {
  /**
   * The middle one of the samples in a part of the time, in bytes: a single one would be before or after a garbage collection.
   *
   * @param from where the part begins, 0 to 1
   * @param to where it ends, 0 to 1
   */
  median(from: number, to: number): number;
}

/** Looks at how much memory a process has until the work is done. @throws what the work throws */
export async function sampleMemory(pid: number, work: Promise<unknown>): Promise<MemorySamples> {
  const started = performance.now();
  const samples: { readonly at: number; readonly bytes: number }[] = [];
  const timer = setInterval(() => {
    samples.push({ at: performance.now() - started, bytes: residentBytes(pid) });
  }, SAMPLE_MS);
  await work.finally(() => clearInterval(timer));
  const all = performance.now() - started;
  return {
    median(from, to) {
      const part = samples.filter(({ at }) => at >= from * all && at <= to * all).map(({ bytes }) => bytes);
      part.sort((a, b) => a - b);
      return part[part.length >> 1] ?? Number.NaN;
    },
  };
}

/** A number of bytes in words. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}
