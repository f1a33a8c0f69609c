import { type ExitStatus, type LogEntry, type Plugin, startPlugin } from "@framewright/host";
import { messageOf } from "../failure.js";

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

/** Makes a session in which nothing runs yet: `reload` starts it. */
export function createDevSession({ runtime, entry, onEvent, onLog }: DevSessionOptions): DevSession {
  const closing = new AbortController();
  let current: Plugin | undefined;
  let reloading: Promise<void> | undefined;
  let wanted = false;

  async function startAnew(): Promise<void> {
    const before = current;
    try {
      const plugin = await startPlugin({ executable: runtime, args: [entry], onLog, signal: closing.signal });
      current = plugin;
      onEvent({ kind: "started", startMs: plugin.startMs, again: before !== undefined });
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
      await reloading;
      await current?.stop();
    },
  };
}
