/** How often the plugin looks whether its host still lives, in ms. */
const INTERVAL_MS = 1_000;

/**
 * Calls `onOrphaned` once the process that started this one is gone. A killed host closes no connection politely, and
 * an orphan that nobody can reach would stay for ever.
 *
 * @returns stops watching
 */
export function watchParent(onOrphaned: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      onOrphaned();
    }
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
