import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LogEntry, type Plugin, type StartOptions, startPlugin } from "@framewright/host";
import { warmEnv } from "./warm-env.js";

/** How long the plugin may take to its handshake once it is wanted, in ms. */
const START_TIMEOUT_MS = 60_000;

/** Longest time that a timer can be set to, in ms: a process that starts ahead waits as long as it has to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A process that has loaded the packages of a backend and waits to load its sources. */
export interface WarmPlugin {
  /**
   * Has it load the sources and waits until the plugin is served.
   *
   * @throws Error when that fails, also because the process ended before, or packages have changed since
   */
  start(): Promise<Plugin>;
  /** Ends the process where it is not yet a plugin, also while it starts. */
  close(): Promise<void>;
}

/**
 * Starts such a process.
 *
 * @param entry absolute path of the backend's main module
 * @param options how the plugin is started; the executable is a runtime that runs TypeScript
 */
export function warmPlugin(
  entry: string,
  { executable, onLog }: Required<Pick<StartOptions, "executable" | "onLog">>,
): WarmPlugin {
  const ending = new AbortController();
  let waiting: Socket | undefined;
  // Of a start that fails nothing is shown: another one follows that says the same.
  const held: LogEntry[] = [];
  let served = false;
  let wanted = false;
  const plugin = listen((connection) => {
    waiting = connection;
    tell();
  }).then(({ address, close }) =>
    startPlugin({
      executable,
      args: [fileURLToPath(new URL("./warm-start.js", import.meta.url))],
      env: { [warmEnv.entry]: entry, [warmEnv.socket]: address },
      startTimeoutMs: MAX_TIMER_MS,
      signal: ending.signal,
      onLog(entry) {
        if (served) onLog(entry);
        else held.push(entry);
      },
    }).finally(close),
  );
  // Who starts it is told.
  plugin.catch(() => {});

  function tell(): void {
    if (wanted) waiting?.write("go\n");
  }

  return {
    async start() {
      wanted = true;
      tell();
      const timer = setTimeout(() => ending.abort(new Error("it took too long")), START_TIMEOUT_MS);
      const running = await plugin.finally(() => clearTimeout(timer));
      served = true;
      held.forEach(onLog);
      return running;
    },
    async close() {
      ending.abort(new Error("it is not needed"));
      await plugin.catch(() => {});
    },
  };
}

/**
 * Listens at a socket of its own for one connection. Once that is there, or after `close`, nothing of the socket is left in the file
 * system, so that neither is it once this process is killed.
 */
async function listen(
  onConnection: (connection: Socket) => void,
): Promise<{ readonly address: string; readonly close: () => Promise<void> }> {
  const isWindows = process.platform === "win32";
  const folder = isWindows ? undefined : await mkdtemp(join(tmpdir(), "framewright-dev-"));
  const address = folder === undefined ? `\\\\.\\pipe\\framewright-dev-${randomUUID()}` : join(folder, "go.sock");
  const server = createServer((connection) => {
    onConnection(connection.on("error", () => {}));
    void close();
  });
  const close = async (): Promise<void> => {
    // Of one that is closed already, nothing is heard.
    server.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    server.listen(address);
    await once(server, "listening");
  } catch (error) {
    await close();
    throw error;
  }
  return { address, close };
}
