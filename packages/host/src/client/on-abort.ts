const tasksOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Has something done once a signal is aborted. A signal gets one listener however many calls share it: Node warns of a
 * leak from the eleventh on.
 *
 * @returns takes the task back
 */
export function onAbort(signal: AbortSignal | undefined, task: () => void): () => void {
  if (signal === undefined) {
    return () => {};
  }
  const tasks = tasksOf.get(signal) ?? listen(signal);
  tasks.add(task);
  return () => tasks.delete(task);
}

function listen(signal: AbortSignal): Set<() => void> {
  const tasks = new Set<() => void>();
  tasksOf.set(signal, tasks);
  const runAll = (): void => {
    for (const task of tasks) {
      task();
    }
  };
  signal.addEventListener("abort", runAll, { once: true });
  return tasks;
}
