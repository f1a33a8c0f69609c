import { setTimeout as delay } from "node:timers/promises";
import { createCalls } from "./client/create-calls.js";
import type { CallOptions } from "./client/grpc-call.js";
import { onAbort } from "./client/on-abort.js";
import type { PluginCalls } from "./client/plugin-calls.js";
import type { Rpc } from "./client/rpc.js";
import type { Plugin, StopResult } from "./plugin.js";
import { PluginCallError } from "./plugin-errors.js";
import { type StartOptions, startPlugin } from "./start-plugin.js";
import { type BackOff, DEFAULT_BACK_OFF, startInterval } from "./supervisor/back-off.js";
import { describeFailure, type SupervisorEvent } from "./supervisor/supervisor-event.js";

/** How a plugin is kept running. */
export interface SuperviseOptions extends StartOptions {
  /**
   * Gets told of every end, failed restart and restart. What it throws becomes an uncaught exception of the host's process; the
   * plugin is supervised all the same.
   */
  readonly onEvent?: (event: SupervisorEvent) => void;
  /** How far apart starts are: 0.5 s, and up to 30 s for a plugin that does not come up, unless given. */
  readonly backOff?: BackOff;
  /** How long a call waits for a plugin that is being restarted, in ms; 5,000 unless given. */
  readonly restartWaitMs?: number;
}

/** A plugin that is restarted when it ends. Disposing it stops it. */
export interface SupervisedPlugin extends PluginCalls, AsyncDisposable {
  /** Calls with messages as they are on the wire. */
  readonly rpc: Rpc;
  /** The plugin as it runs now; `undefined` while it is being restarted and after it was stopped. */
  readonly current: Plugin | undefined;
  /** How often it was restarted. */
  readonly restarts: number;
  /**
   * Ends the plugin for good. Calls that wait for it fail.
   *
   * @returns how it ended; `undefined` when it was not running
   */
  stop(): Promise<StopResult | undefined>;
}

/**
 * Starts a plugin and keeps it running, as Grafana does: an end that nobody asked for is followed by a restart.
 *
 * A call that was under way when the plugin ended fails with a `PluginCallError` (`UNAVAILABLE`) that says how it ended; it
 * is not made again, since the plugin may have done its work. A call made during a restart waits for it, for no longer than
 * `restartWaitMs` and its own time-out, and then fails with why the plugin does not run.
 *
 * @throws PluginStartError when the first start fails; later ones are tried again
 */
export async function supervisePlugin(options: SuperviseOptions): Promise<SupervisedPlugin> {
  const supervisor = new Supervisor(options);
  await supervisor.start();
  return supervisor.plugin;
}

/** A call that waits for the plugin to be back. */
type Waiter = (plugin: Plugin | undefined) => void;

class Supervisor {
  readonly plugin: SupervisedPlugin;
  readonly #options: SuperviseOptions;
  readonly #stopped = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #current: Plugin | undefined;
  #restarts = 0;
  #lastStart = 0;
  /** Starts in a row after which no call was answered. */
  #failures = 0;
  #lastEvent: SupervisorEvent | undefined;
  #stopping: Promise<StopResult | undefined> | undefined;
  /** The work of bringing the plugin back; settled while the plugin runs. */
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: SuperviseOptions) {
    this.#options = options;
    const supervisor = this;
    const rpc = this.#rpc();
    this.plugin = {
      ...createCalls(rpc),
      rpc,
      get current() {
        return supervisor.#current;
      },
      get restarts() {
        return supervisor.#restarts;
      },
      stop() {
        supervisor.#stopping ??= supervisor.#stop();
        return supervisor.#stopping;
      },
      async [Symbol.asyncDispose]() {
        await this.stop();
      },
    };
  }

  async start(): Promise<void> {
    this.#lastStart = performance.now();
    this.#run(await startPlugin(this.#options));
  }

  #run(plugin: Plugin): void {
    this.#current = plugin;
    for (const waiter of this.#waiters) {
      waiter(plugin);
    }
    void plugin.exited.then((exit) => {
      this.#current = undefined;
      if (!this.#stopped.signal.aborted) {
        const event = { kind: "exited", pid: plugin.pid, exit, restartInMs: this.#restartInMs() } as const;
        this.#report(event);
        this.#restarting = this.#restart(performance.now());
      }
    });
  }

  async #restart(gone: number): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      let plugin: Plugin;
      try {
        await delay(this.#restartInMs(), undefined, { signal });
        this.#lastStart = performance.now();
        this.#failures++;
        plugin = await startPlugin({ ...this.#options, signal });
      } catch (error) {
        if (!signal.aborted) {
          this.#report({ kind: "startFailed", error, restartInMs: this.#restartInMs() });
        }
        continue;
      }
      this.#restarts++;
      this.#run(plugin);
      this.#report({ kind: "restarted", pid: plugin.pid, downMs: performance.now() - gone });
      return;
    }
  }

  #restartInMs(): number {
    const interval = startInterval(this.#options.backOff ?? DEFAULT_BACK_OFF, this.#failures);
    return Math.max(0, this.#lastStart + interval - performance.now());
  }

  #report(event: SupervisorEvent): void {
    this.#lastEvent = event;
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      // The caller's own mistake, told where it is heard; the plugin is kept running all the same.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async #stop(): Promise<StopResult | undefined> {
    this.#stopped.abort();
    for (const waiter of this.#waiters) {
      waiter(undefined);
    }
    await this.#restarting;
    return this.#current?.stop();
  }

  #rpc(): Rpc {
    const supervisor = this;
    return {
      async unary(method, request, options) {
        const { plugin, remaining } = await supervisor.#running(method.path, options);
        const response = await plugin.rpc.unary(method, request, remaining);
        supervisor.#answered(plugin);
        return response;
      },
      async *serverStream(method, request, options) {
        const { plugin, remaining } = await supervisor.#running(method.path, options);
        for await (const message of plugin.rpc.serverStream(method, request, remaining)) {
          supervisor.#answered(plugin);
          yield message;
        }
      },
    };
  }

  #answered(plugin: Plugin): void {
    if (plugin === this.#current) {
      this.#failures = 0;
    }
  }

  /** The plugin, once it runs, and what is left of the call's time. */
  async #running(
    rpc: string,
    options: CallOptions = {},
  ): Promise<{ readonly plugin: Plugin; readonly remaining: CallOptions }> {
    options.signal?.throwIfAborted();
    if (this.#stopped.signal.aborted) {
      throw new PluginCallError(rpc, "UNAVAILABLE", "the plugin was stopped");
    }
    if (this.#current !== undefined) {
      return { plugin: this.#current, remaining: options };
    }
    const { restartWaitMs = 5_000 } = this.#options;
    const { timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
    const waitMs = Math.min(restartWaitMs, timeoutMs);
    const began = performance.now();
    const plugin = await this.#wait(waitMs, signal);
    if (plugin === undefined) {
      const code = timeoutMs < restartWaitMs ? "DEADLINE_EXCEEDED" : "UNAVAILABLE";
      throw new PluginCallError(rpc, code, this.#whyAway(waitMs), {
        cause: this.#lastEvent?.kind === "startFailed" ? this.#lastEvent.error : undefined,
        ...(this.#lastEvent?.kind === "exited" ? { exit: this.#lastEvent.exit } : {}),
      });
    }
    const waited = performance.now() - began;
    return {
      plugin,
      remaining: { ...options, ...(Number.isFinite(timeoutMs) ? { timeoutMs: timeoutMs - waited } : {}) },
    };
  }

  #whyAway(waitMs: number): string {
    return this.#stopped.signal.aborted
      ? "the plugin was stopped"
      : `${describeFailure(this.#lastEvent)}, and was not back after ${waitMs} ms`;
  }

  /** Resolves with the plugin once it runs, with `undefined` when it is stopped or the time is over. */
  #wait(ms: number, signal: AbortSignal | undefined): Promise<Plugin | undefined> {
    return new Promise((resolve, reject) => {
      const settle = (settleWith: () => void): void => {
        clearTimeout(timer);
        forget();
        this.#waiters.delete(waiter);
        settleWith();
      };
      const waiter: Waiter = (plugin) => settle(() => resolve(plugin));
      const forget = onAbort(signal, () => settle(() => reject(signal?.reason)));
      const timer = setTimeout(() => waiter(undefined), ms);
      this.#waiters.add(waiter);
    });
  }
}
