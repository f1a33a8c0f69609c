import { setTimeout as delay } from "node:timers/promises";
import {
  type ExitStatus,
  type Handshake,
  launchPlugin,
  type OutputLine,
  type PluginProcess,
  parseHandshake,
} from "@framewright/host";
import { Failure, messageOf } from "../failure.js";

/** Whether a line is a handshake, even one with something wrong in it. */
export function looksLikeHandshake(line: string): boolean {
  return /^\s*-?\d+\|[^|]*\|(unix|tcp)\|/.test(line);
}

/** A process of the plugin and everything it printed. */
export interface LaunchedPlugin {
  readonly process: PluginProcess;
  readonly stdout: readonly OutputLine[];
  readonly stderr: readonly OutputLine[];
  /** The line of stdout that looks like a handshake; `undefined` when none came in time. */
  handshakeLine(): Promise<string | undefined>;
  /**
   * The handshake, wherever it stands on stdout.
   *
   * @throws HandshakeError when it cannot be used; Error when there is none
   */
  handshake(): Promise<Handshake>;
  /** How the process ended; `undefined` when it still ran after `ms`. */
  exitWithin(ms: number): Promise<ExitStatus | undefined>;
  /** Ends the process, if it still runs. */
  kill(): Promise<void>;
}

/** How long a plugin may take from its start to its handshake, in ms. */
const HANDSHAKE_MS = 8_000;

/**
 * Starts the executable with exactly this environment.
 *
 * @throws Failure when the system cannot run it
 */
export async function launch(executable: string, env: Readonly<Record<string, string>>): Promise<LaunchedPlugin> {
  const stdout: OutputLine[] = [];
  const stderr: OutputLine[] = [];
  let found: ((line: string | undefined) => void) | undefined;
  const line = new Promise<string | undefined>((resolve) => {
    found = resolve;
  });
  const process = launchPlugin({
    executable,
    env,
    onStdout(output) {
      stdout.push(output);
      if (looksLikeHandshake(output.text)) found?.(output.text);
    },
    onStderr: (output) => stderr.push(output),
  });
  await process.spawned.catch((error: unknown) => {
    throw new Failure(`${executable} cannot be run: ${messageOf(error)}`);
  });
  const timer = setTimeout(() => found?.(undefined), HANDSHAKE_MS);
  void line.then(() => clearTimeout(timer));
  void process.exited.then(() => found?.(undefined));

  return {
    process,
    stdout,
    stderr,
    handshakeLine: () => line,
    async handshake() {
      const text = await line;
      if (text === undefined) {
        const first = stdout[0];
        throw new Error(
          first === undefined
            ? `nothing on stdout within ${HANDSHAKE_MS} ms`
            : `stdout began with ${quote(first.text)}`,
        );
      }
      return parseHandshake(text);
    },
    exitWithin: (ms) => within(ms, process.exited),
    async kill() {
      process.kill("SIGKILL");
      await process.exited;
    },
  };
}

/** A promise's value, or `undefined` when it takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const timeout = delay(ms, undefined, { signal: controller.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    controller.abort();
  }
}

/** Output for a verdict: escaped, and short enough to read. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
