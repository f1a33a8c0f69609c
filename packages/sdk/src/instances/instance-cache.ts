import { PluginError } from "../errors.js";
import { disposeInstance } from "./dispose-instance.js";
import { createRetirement, type Retirement } from "./retirement.js";
import { TrackedMap } from "./tracked-map.js";

/** How long a call that is over may go on using its instance, in ms. */
const LATE_USE_MS = 5_000;

/** How long a replaced instance is kept at least, in ms: calls that were on their way when the settings were saved find it. */
const LINGER_MS = 250;

/** How long an instance is kept that nobody uses, in ms, unless told otherwise; the Go SDK's TTL manager has the same hour. */
export const DEFAULT_IDLE_MS = 3_600_000;

/** Longest time that a timer can be set to, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Names an instance: whose it is, and which version of the settings a call has seen. */
export interface InstanceKey {
  /** The same for every version of one data source or app. */
  readonly id: string;
  /** When the settings were saved, in ms since 1970. */
  readonly updated: bigint;
  /** Grafana's configuration at the time of the call. */
  readonly grafanaConfig: ReadonlyMap<string, string>;
}

/** What `open` gets of the cache. */
export interface Opening {
  /** Grafana's configuration. What is read of it decides whether a later change of it opens the instance anew. */
  readonly grafanaConfig: ReadonlyMap<string, string>;
  /** Aborts when no call waits for the instance any longer, and when the plugin ends. */
  readonly signal: AbortSignal;
}

/** An instance in use. It is not disposed before it was released, unless it was replaced and 5 s have gone by. */
export interface Lease<Instance> {
  readonly instance: Instance;
  /** Ends the use. May be called more than once. */
  release(): void;
}

/** Keeps one open instance for each data source or app, replaces it when the settings change and closes what nobody uses. */
export interface InstanceCache<Instance> {
  /**
   * The instance for `key`, opened first where there is none. Concurrent first calls share one `open`; a failed one is
   * forgotten, so that the next call tries again. An instance for other settings is replaced, but for a moment still given to
   * calls that come with its settings.
   *
   * @param signal the call's: ends the waiting, and 5 s after it aborted the use too, should nobody have released the lease
   * @throws what `open` threw, the signal's reason, and a PluginError after `dispose`
   */
  acquire(
    key: InstanceKey,
    open: (opening: Opening) => Promise<Instance>,
    signal: AbortSignal,
  ): Promise<Lease<Instance>>;
  /** Disposes every instance at once, whether calls still use it or not. */
  dispose(): Promise<void>;
}

/** How a cache keeps its instances. */
export interface InstanceCacheOptions {
  /** How long an instance is kept that nobody uses, in ms; `Infinity` keeps it until the plugin ends. */
  readonly idleMs: number;
  /** Gets what a dispose threw; nobody else waits for it. */
  readonly onDisposeError: (error: unknown) => void;
  /** Is told of each instance that was opened (1), and of its disposal (-1). */
  readonly onActive: (change: 1 | -1) => void;
}

interface Entry<Instance> {
  readonly id: string;
  readonly updated: bigint;
  readonly grafanaConfig: TrackedMap;
  readonly opened: Promise<Instance>;
  /** Ends the opening. */
  readonly abort: (reason: unknown) => void;
  /** `gone` is one that failed to open, or whose disposal has begun. */
  state: "opening" | "open" | "gone";
  /** Calls that use the instance or wait for it. */
  users: number;
  idleSince: number;
  idleTimer: NodeJS.Timeout | undefined;
  /** Set once the entry was replaced or given up. */
  retirement: Retirement | undefined;
}

/** Makes an empty cache. */
export function createInstanceCache<Instance>(options: InstanceCacheOptions): InstanceCache<Instance> {
  const { idleMs, onDisposeError, onActive } = options;
  const entries = new Map<string, Entry<Instance>>();
  const retiring = new Map<Entry<Instance>, Promise<void>>();
  let disposed = false;

  function add(key: InstanceKey, open: (opening: Opening) => Promise<Instance>): Entry<Instance> {
    const controller = new AbortController();
    const grafanaConfig = new TrackedMap(key.grafanaConfig);
    const opening = { grafanaConfig, signal: controller.signal };
    const entry: Entry<Instance> = {
      id: key.id,
      updated: key.updated,
      grafanaConfig,
      opened: (async () => open(opening))(),
      abort: (reason) => controller.abort(reason),
      state: "opening",
      users: 0,
      idleSince: performance.now(),
      idleTimer: undefined,
      retirement: undefined,
    };
    const replaced = entries.get(key.id);
    entries.set(key.id, entry);
    if (replaced !== undefined) {
      retire(replaced, LINGER_MS);
    }
    entry.opened.then(
      () => {
        onActive(1);
        if (entry.state === "opening") {
          entry.state = "open";
          watchIdle(entry, idleMs);
        }
      },
      () => forget(entry),
    );
    return entry;
  }

  /** Whether the entry is what a call needs that has seen `key`. */
  function serves(entry: Entry<Instance>, key: InstanceKey): boolean {
    return (
      entry.id === key.id &&
      entry.updated === key.updated &&
      entry.state !== "gone" &&
      entry.grafanaConfig.isCurrentFor(key.grafanaConfig)
    );
  }

  function find(key: InstanceKey): Entry<Instance> | undefined {
    const current = entries.get(key.id);
    return current !== undefined && serves(current, key)
      ? current
      : [...retiring.keys()].find((entry) => entry.retirement?.lingers === true && serves(entry, key));
  }

  /** Waits for the instance, or for the end of the call. Whoever gets it has it in use; whoever does not, no longer. */
  function opened(entry: Entry<Instance>, signal: AbortSignal): Promise<Instance> {
    entry.users++;
    if (entry.state === "open") {
      return entry.opened;
    }
    return new Promise((resolve, reject) => {
      let left = false;
      const onAbort = (): void => {
        left = true;
        // At once: of two that give up in the same moment, the second is the last.
        release(entry);
        if (entry.users === 0 && entry.state === "opening") {
          // Nobody else waits. Should it open all the same, it is disposed.
          entry.abort(signal.reason);
          forget(entry);
          retire(entry, 0);
        }
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      entry.opened
        .finally(() => signal.removeEventListener("abort", onAbort))
        .then(resolve, (error: unknown) => {
          if (!left) {
            release(entry);
          }
          reject(error);
        });
    });
  }

  function forget(entry: Entry<Instance>): void {
    entry.state = "gone";
    if (entries.get(entry.id) === entry) {
      entries.delete(entry.id);
    }
  }

  function release(entry: Entry<Instance>): void {
    entry.users--;
    if (entry.users === 0) {
      entry.idleSince = performance.now();
      entry.retirement?.check();
    }
  }

  function lease(entry: Entry<Instance>, instance: Instance, signal: AbortSignal): Lease<Instance> {
    let timer: NodeJS.Timeout | undefined;
    let released = false;
    const end = (): void => {
      if (!released) {
        released = true;
        clearTimeout(timer);
        signal.removeEventListener("abort", endLater);
        release(entry);
      }
    };
    // A handler that never ends after its call did would keep the instance for ever.
    const endLater = (): void => {
      timer = setTimeout(end, LATE_USE_MS);
      timer.unref();
    };
    if (signal.aborted) {
      endLater();
    } else {
      signal.addEventListener("abort", endLater, { once: true });
    }
    return { instance, release: end };
  }

  /** One timer looks again and again: setting one for each call would cost more than the call. */
  function watchIdle(entry: Entry<Instance>, ms: number): void {
    if (!Number.isFinite(ms) || entry.retirement !== undefined) {
      return;
    }
    entry.idleTimer = setTimeout(
      () => {
        const left = entry.users > 0 ? idleMs : entry.idleSince + idleMs - performance.now();
        if (left > 0) {
          watchIdle(entry, left);
        } else {
          forget(entry);
          retire(entry, 0);
        }
      },
      Math.min(Math.max(ms, 1), MAX_TIMER_MS),
    );
    entry.idleTimer.unref();
  }

  /** Disposes an entry when its time has come. */
  function retire(entry: Entry<Instance>, lingerMs: number): void {
    if (entry.retirement !== undefined) {
      return;
    }
    clearTimeout(entry.idleTimer);
    entry.retirement = createRetirement(lingerMs, entry.opened, () => entry.users > 0);
    const retired = entry.retirement.ended
      .then(() => {
        entry.state = "gone";
        return entry.opened.then(
          (instance) => disposeInstance(instance).finally(() => onActive(-1)),
          () => undefined,
        );
      })
      .catch(onDisposeError)
      .finally(() => retiring.delete(entry));
    retiring.set(entry, retired);
  }

  return {
    async acquire(key, open, signal) {
      while (true) {
        signal.throwIfAborted();
        if (disposed) {
          throw new PluginError("the plugin is ending", { status: 503 });
        }
        const found = find(key);
        const entry = found ?? add(key, open);
        const instance = await opened(entry, signal);
        // What another call's `open` has read of the configuration is known only now.
        if (found === undefined || serves(entry, key)) {
          return lease(entry, instance, signal);
        }
        release(entry);
      }
    },
    async dispose() {
      disposed = true;
      for (const entry of entries.values()) {
        if (entry.state === "opening") {
          entry.abort(new DOMException("the plugin is ending", "AbortError"));
        }
        retire(entry, 0);
      }
      entries.clear();
      for (const entry of retiring.keys()) {
        entry.retirement?.end();
      }
      await Promise.all(retiring.values());
    },
  };
}
