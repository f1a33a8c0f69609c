import { statSync } from "node:fs";

/** By how much the clock that stamps files may be behind that of the process, in ms. */
const CLOCK_MS = 100;

/**
 * Remembers the state that files are in.
 *
 * @param paths absolute paths, also of files that do not exist
 * @param readSinceMs when they began to be read, in ms since 1970: what was written since may not be what was read
 * @returns whether one of them has been written, added or removed since
 */
export function filesAsOf(paths: Iterable<string>, readSinceMs: number): () => boolean {
  const states = new Map([...paths].map((path) => [path, changedMs(path)]));
  const isTooNew = [...states.values()].some((ms) => ms !== undefined && ms > readSinceMs - CLOCK_MS);
  return () => isTooNew || [...states].some(([path, before]) => changedMs(path) !== before);
}

/** Of the file's inode: package managers set the time of its content to one in the past. */
function changedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ctimeMs;
}
