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
  /** Ends the process where it is not yet a plugin. */
  close(): Promise<void>;
}

let count = 0;

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
  const name = `framewright-dev-${process.pid}-${count++}`;
  const socket = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
  const ending = new AbortController();
  const waiting = new Set<Socket>();
  // Of a start that fails nothing is shown: another one follows that says the same.
  const held: LogEntry[] = [];
  let served = false;
  let wanted = false;
  const server = createServer((connection) => {
    waiting.add(connection.on("error", () => {}));
    tell();
  });
  const plugin = new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(socket, resolve);
  }).then(() =>
    startPlugin({
      executable,
      args: [fileURLToPath(new URL("./warm-start.js", import.meta.url))],
      env: { [warmEnv.entry]: entry, [warmEnv.socket]: socket },
      startTimeoutMs: MAX_TIMER_MS,
      signal: ending.signal,
      onLog(entry) {
        if (served) onLog(entry);
        else held.push(entry);
      },
    }),
  );
  // Who starts it is told.
  plugin.catch(() => {}).finally(() => server.close());

  function tell(): void {
    if (wanted) {
      for (const connection of waiting) connection.write("go\n");
    }
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
