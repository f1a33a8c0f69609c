/** How often the plugin looks whether its host still lives, in ms. */
const INTERVAL_MS = 1_000;

/**
 * Calls `onOrphaned` once the process that started this one is gone. A killed host closes no connection politely, and
 * an orphan that nobody can reach would stay for ever.
 *
 * @param parent the host's process id, read as early as possible: later it may be the one of whoever took the orphan over
 */
export function watchParent(parent: number, onOrphaned: () => void): void {
  const timer = setInterval(() => {
    if (process.ppid !== parent || !isAlive(parent)) {
      clearInterval(timer);
      onOrphaned();
    }
  }, INTERVAL_MS);
  timer.unref();
}

/** Whether there is a process of this number. On Windows one keeps its parent's number when the parent is gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
