import { type ExitStatus, type LogEntry, type Plugin, startPlugin } from "@framewright/host";
import { messageOf } from "../failure.js";
import { type WarmPlugin, warmPlugin } from "./warm-plugin.js";

/** How long after a start the next one is prepared, in ms: the query that is asked again then has the machine for itself. */
const PREPARE_AFTER_MS = 300;

/** What a session tells of. */
export type DevEvent =
  | { readonly kind: "started"; readonly startMs: number; readonly again: boolean }
  /** It could not be started. What ran before still runs. */
  | { readonly kind: "broken"; readonly problem: string; readonly running: boolean }
  /** It ended without being asked to. */
  | { readonly kind: "ended"; readonly exit: ExitStatus };

/** A plugin that runs from its sources and is started anew when they change. */
export interface DevSession {
  /** The plugin that answers now; `undefined` where none could be started yet, or it crashed. */
  readonly plugin: Plugin | undefined;
  /** Starts it anew, and stops the one before once the new one answers. Called again meanwhile, it is done once more after. */
  reload(): Promise<void>;
  /** Stops what runs, and gives up what is being started. Nothing is started after. */
  close(): Promise<void>;
}

/** What a session runs. */
export interface DevSessionOptions {
  /** A runtime that runs TypeScript. */
  readonly runtime: string;
  /** Absolute path of the backend's main module. */
  readonly entry: string;
  readonly onEvent: (event: DevEvent) => void;
  readonly onLog: (entry: LogEntry) => void;
}

/**
 * Makes a session in which nothing runs yet: `reload` starts it. Once it runs, a second process loads the packages and waits, so
 * that the next start has only the sources to load.
 */
export function createDevSession({ runtime, entry, onEvent, onLog }: DevSessionOptions): DevSession {
  const closing = new AbortController();
  let current: Plugin | undefined;
  let reloading: Promise<void> | undefined;
  let wanted = false;
  /** Has loaded the packages, and waits to be wanted. */
  let warm: WarmPlugin | undefined;
  /** The one that is wanted, and starts. */
  let starting: WarmPlugin | undefined;
  let preparing: NodeJS.Timeout | undefined;

  /** Begins the next start as far as it can be without the sources. */
  function prepare(): void {
    if (closing.signal.aborted) return;
    clearTimeout(preparing);
    preparing = setTimeout(() => {
      warm ??= warmPlugin(entry, { executable: runtime, onLog });
    }, PREPARE_AFTER_MS);
  }

  async function start(): Promise<Plugin> {
    starting = warm;
    warm = undefined;
    clearTimeout(preparing);
    try {
      const plugin = await starting?.start();
      if (plugin !== undefined) return plugin;
    } catch {
      // Whatever it is, a start from nothing tells it better.
    } finally {
      starting = undefined;
    }
    return startPlugin({ executable: runtime, args: [entry], onLog, signal: closing.signal });
  }

  async function startAnew(): Promise<void> {
    const before = current;
    const started = performance.now();
    try {
      const plugin = await start();
      current = plugin;
      onEvent({ kind: "started", startMs: performance.now() - started, again: before !== undefined });
      void plugin.exited.then((exit) => {
        if (current === plugin && !closing.signal.aborted) {
          current = undefined;
          onEvent({ kind: "ended", exit });
        }
      });
    } catch (error) {
      if (!closing.signal.aborted) {
        onEvent({ kind: "broken", problem: messageOf(error), running: before !== undefined });
      }
      return;
    } finally {
      prepare();
    }
    // Not waited for: calls that the old one still answers may take a while.
    void before?.stop();
  }

  async function startUntilCurrent(): Promise<void> {
    while (wanted && !closing.signal.aborted) {
      wanted = false;
      await startAnew();
    }
    reloading = undefined;
  }

  return {
    get plugin() {
      return current;
    },
    reload() {
      wanted = true;
      reloading ??= startUntilCurrent();
      return reloading;
    },
    async close() {
      closing.abort();
      clearTimeout(preparing);
      await Promise.all([warm?.close(), starting?.close()]);
      await reloading;
      await current?.stop();
    },
  };
}
