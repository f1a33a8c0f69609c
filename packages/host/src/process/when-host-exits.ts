const tasks = new Set<() => void>();

/**
 * Has something done while this process exits; only synchronous work is. One listener serves all, however many plugins
 * run at a time.
 *
 * @returns takes the task back
 */
export function whenHostExits(task: () => void): () => void {
  if (tasks.size === 0) {
    process.on("exit", runAll);
  }
  tasks.add(task);
  return () => {
    tasks.delete(task);
    if (tasks.size === 0) {
      process.off("exit", runAll);
    }
  };
}

function runAll(): void {
  for (const task of tasks) {
    task();
  }
}
