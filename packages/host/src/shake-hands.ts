import { GRAFANA_PROTOCOL_VERSION, type Handshake, HandshakeError, parseHandshake } from "@framewright/protocol";
import { onAbort } from "./client/on-abort.js";
import { PluginStartError } from "./plugin-errors.js";
import { describeExit, type ExitStatus } from "./process/exit-status.js";
import type { PluginProcess } from "./process/plugin-process.js";

/** A process that is expected to shake hands. */
export interface StartingPlugin {
  readonly executable: string;
  readonly process: PluginProcess;
  /** The first line on stdout; `undefined` when stdout closed before one. */
  readonly firstLine: Promise<string | undefined>;
  readonly stderrTail: () => string;
}

/**
 * Waits for a plugin's handshake.
 *
 * @param timeoutMs how long it may take
 * @throws PluginStartError when the executable cannot run, ends or stays silent, or prints another line; the signal's
 *   reason when the caller gave up
 */
export async function shakeHands(
  starting: StartingPlugin,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Handshake> {
  const { executable, stderrTail: stderr } = starting;
  const line = await firstLineInTime(starting, timeoutMs, signal);
  if (typeof line !== "string") {
    const exit = line;
    const hint = exit.code === 0 ? "; does its main module serve the plugin?" : "";
    throw new PluginStartError(`${executable} ${describeExit(exit)} before its handshake${hint}`, {
      stderr: stderr(),
      exit,
    });
  }
  try {
    return checkVersion(parseHandshake(line));
  } catch (cause) {
    throw new PluginStartError(`${executable}: ${message(cause)}`, { stderr: stderr(), cause });
  }
}

/** The first line, or how the process ended without one. */
async function firstLineInTime(
  { executable, process, firstLine, stderrTail }: StartingPlugin,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string | ExitStatus> {
  let timer: NodeJS.Timeout | undefined;
  let forget: (() => void) | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const text = `${executable} printed no handshake within ${timeoutMs} ms`;
      reject(new PluginStartError(text, { stderr: stderrTail() }));
    }, timeoutMs);
    forget = onAbort(signal, () => reject(signal?.reason));
  });
  const line = process.spawned.then(
    // Whoever closes stdout without a word is about to end; one that lives on is out of time like a silent one.
    async () => (await firstLine) ?? process.exited,
    (cause: unknown) => {
      throw new PluginStartError(`${executable} cannot be run: ${message(cause)}`, { stderr: "", cause });
    },
  );
  try {
    return await Promise.race([line, givenUp]);
  } finally {
    clearTimeout(timer);
    forget?.();
  }
}

function checkVersion(handshake: Handshake): Handshake {
  if (handshake.protocolVersion !== GRAFANA_PROTOCOL_VERSION) {
    throw new HandshakeError(
      `the plugin speaks protocol version ${handshake.protocolVersion}, not ${GRAFANA_PROTOCOL_VERSION}`,
    );
  }
  return handshake;
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
