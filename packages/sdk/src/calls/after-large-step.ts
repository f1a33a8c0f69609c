import { setImmediate } from "node:timers/promises";

/** So many bytes take a few ms to copy, and one step of an answer is a copy of it. */
const LARGE_BYTES = 4_000_000;

/**
 * Lets other calls in between two steps of a large answer, each of which takes as long as a copy of it; together they would
 * hold up a health check for more than a moment.
 */
export async function afterLargeStep(bytes: number): Promise<void> {
  if (bytes > LARGE_BYTES) {
    await setImmediate();
  }
}
