import { PluginError } from "../errors.js";

/** How long a replaced instance waits for its last calls before it is disposed under them, in ms; the Go SDK's figure. */
const DISPOSE_GRACE_MS = 5_000;

/** Names an instance: the data source it belongs to, and which version of its settings. */
export interface InstanceKey {
  /** The same for every revision of one data source. */
  readonly id: string;
  readonly revision: string;
}

/** An instance in use. It is not disposed before `release` was called. */
export interface Lease<Instance> {
  readonly instance: Instance;
  /** Ends the use. To be called once. */
  release(): void;
}

/** Keeps one open instance for each data source and replaces it when the settings change. */
export interface InstanceCache<Instance> {
  /**
   * The instance for `key`, opened first where there is none. Concurrent first calls share one `open`; a failed one is
   * forgotten, so that the next call tries again. Rejects with what `open` threw, and with a PluginError after `dispose`.
   */
  acquire(key: InstanceKey, open: () => Promise<Instance>): Promise<Lease<Instance>>;
  /** Disposes every instance at once, whether calls still use it or not. */
  dispose(): Promise<void>;
}

interface Entry<Instance> {
  readonly revision: string;
  readonly opened: Promise<Instance>;
  calls: number;
  /** Set when the entry was replaced: disposes it without further waiting. */
  retireNow: (() => void) | undefined;
}

/**
 * Makes an empty cache.
 *
 * @param onDisposeError gets what a dispose threw; nobody else waits for it
 */
export function createInstanceCache<Instance>(onDisposeError: (error: unknown) => void): InstanceCache<Instance> {
  const entries = new Map<string, Entry<Instance>>();
  const retiring = new Map<Entry<Instance>, Promise<void>>();
  let disposed = false;

  /** Disposes an entry once nobody uses it, or when it has waited long enough. */
  function retire(entry: Entry<Instance>): void {
    const idle = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DISPOSE_GRACE_MS);
      timer.unref();
      entry.retireNow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (entry.calls === 0) {
      entry.retireNow?.();
    }
    const retired = idle
      .then(() => entry.opened.then(disposeInstance, () => undefined))
      .catch(onDisposeError)
      .finally(() => retiring.delete(entry));
    retiring.set(entry, retired);
  }

  function entryFor(key: InstanceKey, open: () => Promise<Instance>): Entry<Instance> {
    const current = entries.get(key.id);
    if (current?.revision === key.revision) {
      return current;
    }
    const entry: Entry<Instance> = { revision: key.revision, opened: open(), calls: 0, retireNow: undefined };
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

  function release(entry: Entry<Instance>): void {
    entry.calls--;
    if (entry.calls === 0) {
      entry.retireNow?.();
    }
  }

  return {
    async acquire(key, open) {
      if (disposed) {
        throw new PluginError("the plugin is ending", { status: 503 });
      }
      const entry = entryFor(key, open);
      entry.calls++;
      try {
        return { instance: await entry.opened, release: () => release(entry) };
      } catch (error) {
        release(entry);
        throw error;
      }
    },
    async dispose() {
      disposed = true;
      for (const entry of entries.values()) {
        retire(entry);
      }
      entries.clear();
      for (const entry of retiring.keys()) {
        entry.retireNow?.();
      }
      await Promise.all(retiring.values());
    },
  };
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
