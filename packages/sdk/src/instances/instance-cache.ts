/** How long a replaced instance waits for its last calls before it is disposed under them, in ms; the Go SDK's figure. */
const DISPOSE_GRACE_MS = 5_000;

/** Names an instance: the data source it belongs to, and which version of its settings. */
export interface InstanceKey {
  /** The same for every revision of one data source. */
  readonly id: string;
  readonly revision: string;
}

/** Keeps one open instance for each data source and replaces it when the settings change. */
export interface InstanceCache<Instance> {
  /**
   * Runs `use` with the instance for `key`, opening it first where there is none. Concurrent first calls share one
   * `open`; a failed one is forgotten, so that the next call tries again.
   */
  use<T>(key: InstanceKey, open: () => Promise<Instance>, use: (instance: Instance) => Promise<T>): Promise<T>;
  /** Disposes every instance, and again whatever is opened afterwards. */
  dispose(): Promise<void>;
}

interface Entry<Instance> {
  readonly revision: string;
  readonly opened: Promise<Instance>;
  calls: number;
  /** Set when the entry was replaced: called when its last call is done. */
  onIdle: (() => void) | undefined;
}

/**
 * Makes an empty cache.
 *
 * @param onDisposeError gets what a dispose threw; nobody else waits for it
 */
export function createInstanceCache<Instance>(onDisposeError: (error: unknown) => void): InstanceCache<Instance> {
  const entries = new Map<string, Entry<Instance>>();
  const retiring = new Set<Promise<void>>();

  function retire(entry: Entry<Instance>): void {
    const retired = idle(entry)
      .then(() => entry.opened.then(disposeInstance, () => undefined))
      .catch(onDisposeError)
      .finally(() => retiring.delete(retired));
    retiring.add(retired);
  }

  function entryFor(key: InstanceKey, open: () => Promise<Instance>): Entry<Instance> {
    const current = entries.get(key.id);
    if (current?.revision === key.revision) {
      return current;
    }
    const entry: Entry<Instance> = { revision: key.revision, opened: open(), calls: 0, onIdle: undefined };
    entries.set(key.id, entry);
    entry.opened.catch(() => {
      if (entries.get(key.id) === entry) {
        entries.delete(key.id);
      }
    });
    if (current !== undefined) {
      retire(current);
    }
    return entry;
  }

  return {
    async use(key, open, use) {
      const entry = entryFor(key, open);
      entry.calls++;
      try {
        return await use(await entry.opened);
      } finally {
        entry.calls--;
        if (entry.calls === 0) {
          entry.onIdle?.();
        }
      }
    },
    async dispose() {
      for (const [id, entry] of entries) {
        entries.delete(id);
        retire(entry);
      }
      await Promise.all(retiring);
    },
  };
}

function idle(entry: Entry<unknown>): Promise<void> {
  if (entry.calls === 0) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DISPOSE_GRACE_MS);
    timer.unref();
    entry.onIdle = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** Closes an instance by whichever way it offers: `Symbol.asyncDispose`, `Symbol.dispose` or a `dispose` method. */
async function disposeInstance(instance: unknown): Promise<void> {
  if (typeof instance !== "object" || instance === null) {
    return;
  }
  for (const name of [Symbol.asyncDispose, Symbol.dispose, "dispose"]) {
    const method: unknown = Reflect.get(instance, name);
    if (typeof method === "function") {
      await method.call(instance);
      return;
    }
  }
}
