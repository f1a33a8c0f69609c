import { connect as connectSocket } from "node:net";
import type { LogEntry } from "@framewright/protocol";
import { createCalls } from "./client/create-calls.js";
import { clientRpc } from "./client/rpc.js";
import { connect } from "./connection/connect.js";
import type { PluginAddress } from "./connection/plugin-address.js";
import { askToShutDown, stopProcess } from "./connection/stop-process.js";
import { followStdio } from "./log/follow-stdio.js";
import type { ConnectedPlugin, StopResult } from "./plugin.js";
import { explainWithExit, PluginStartError } from "./plugin-errors.js";
import type { ExitStatus } from "./process/exit-status.js";
import { isRunning } from "./process/is-running.js";

/** A plugin that runs already: what go-plugin calls a `ReattachConfig`. */
export interface ReattachOptions extends PluginAddress {
  /** The plugin's process, so that its end is noticed and it can be killed. Not known unless given. */
  readonly pid?: number;
  /**
   * Gets what the plugin prints by way of go-plugin's stdio service, which only one host can read. Left to the plugin's
   * own host unless given.
   */
  readonly onLog?: (entry: LogEntry) => void;
}

/** A plugin that somebody else started. Disposing it disconnects and leaves the plugin running. */
export interface ReattachedPlugin extends ConnectedPlugin {
  /** The process's id, where it is known. */
  readonly pid: number | undefined;
  /** Settles when the process is gone; without a `pid`, when the connection is closed. */
  readonly exited: Promise<ExitStatus>;
  /** Closes the connection. Calls in flight are cancelled, the plugin runs on. */
  disconnect(): void;
}

/** How long connecting may take, in ms. */
const CONNECT_MS = 5_000;

/** How often it is looked whether the process still runs, in ms. */
const POLL_MS = 250;

const UNKNOWN_EXIT: ExitStatus = { code: undefined, signal: undefined };

/**
 * Connects to a plugin that runs already, one under a debugger for example. Plain text only, as in go-plugin.
 *
 * @throws PluginStartError when nobody listens at the address or the process is not there
 */
export async function reattachPlugin(options: ReattachOptions): Promise<ReattachedPlugin> {
  const { address, pid } = options;
  if (pid !== undefined && !isRunning(pid)) {
    throw new PluginStartError(`no process ${pid} runs to reattach to`, { stderr: "" });
  }
  await tryAddress(options).catch((cause: unknown) => {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new PluginStartError(`no plugin answers at ${address}: ${text}`, { stderr: "", cause });
  });

  const client = connect(options);
  const closed = new AbortController();
  const exited = (pid === undefined ? whenAborted(closed.signal) : whenGone(pid, closed.signal)).then(() => {
    disconnect();
    return UNKNOWN_EXIT;
  });
  if (options.onLog !== undefined) {
    void followStdio(client, options.onLog, closed.signal);
  }
  const rpc = clientRpc(client, (error) => explainWithExit(error, exited));

  function disconnect(): void {
    closed.abort();
    client.close();
  }
  async function shutDown(): Promise<StopResult> {
    await askToShutDown(client);
    disconnect();
    return { ...UNKNOWN_EXIT, killed: false };
  }
  let stopping: Promise<StopResult> | undefined;
  return {
    ...createCalls(rpc),
    pid,
    rpc,
    client,
    exited,
    disconnect,
    stop() {
      stopping ??= pid === undefined ? shutDown() : stopProcess(client, exited, () => kill(pid));
      return stopping;
    },
    async [Symbol.asyncDispose]() {
      disconnect();
    },
  };
}

function tryAddress({ network, address }: PluginAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
    const socket =
      network === "unix" ? connectSocket(address) : connectSocket({ host: host || "127.0.0.1", port: Number(port) });
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error(`no connection within ${CONNECT_MS} ms`)));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function whenGone(pid: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!isRunning(pid)) {
        clearInterval(timer);
        resolve();
      }
    }, POLL_MS);
    // A plugin that this host has left no longer keeps it running.
    signal.addEventListener("abort", () => timer.unref(), { once: true });
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself at the last moment.
  }
}
