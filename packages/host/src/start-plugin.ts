import { type Handshake, HandshakeError, type LogEntry } from "@framewright/protocol";
import type { ChannelCredentials } from "@grpc/grpc-js";
import { createCalls } from "./client/create-calls.js";
import { clientRpc } from "./client/rpc.js";
import type { HostIdentity } from "./connection/auto-mtls.js";
import { connect } from "./connection/connect.js";
import { stopProcess } from "./connection/stop-process.js";
import { followStdio } from "./log/follow-stdio.js";
import { createLogReader, plainEntry } from "./log/read-log.js";
import type { Plugin, StopResult } from "./plugin.js";
import { explainWithExit, PluginStartError } from "./plugin-errors.js";
import { pluginEnvironment } from "./process/plugin-environment.js";
import { launchPlugin } from "./process/plugin-process.js";
import { type StartingPlugin, shakeHands } from "./shake-hands.js";

/** How a plugin is started. */
export interface StartOptions {
  /** Path of the plugin's executable. */
  readonly executable: string;
  /** The plugin's arguments; none unless given, as Grafana gives it none. */
  readonly args?: readonly string[];
  /** Added to the environment. Nothing of this process's own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long the plugin may take to its handshake, in ms; go-plugin's 60,000 unless given. */
  readonly startTimeoutMs?: number;
  /** Has host and plugin show each other a certificate made for this one process. Grafana does not. */
  readonly autoMtls?: boolean;
  /** Gets every line that the plugin logs or prints, with the level that go-plugin gives it. */
  readonly onLog?: (entry: LogEntry) => void;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

/** How many of a plugin's last stderr lines are kept for an error message. */
const STDERR_LINES = 50;

/** go-plugin's `StartTimeout`, in ms. */
const START_TIMEOUT_MS = 60_000;

/**
 * Older plugins send other data in the sixth field, which is no certificate. go-plugin tells the two apart by the length.
 */
const SHORTEST_CERT = 51;

/**
 * Starts a plugin as Grafana does, waits for its handshake and connects.
 *
 * @throws PluginStartError when the executable cannot run, ends or stays silent before the handshake, prints another
 *   line, or does not do TLS as it was asked to; the process is gone by then
 */
export async function startPlugin(options: StartOptions): Promise<Plugin> {
  const { signal, startTimeoutMs = START_TIMEOUT_MS } = options;
  signal?.throwIfAborted();
  const identity = options.autoMtls ? await createIdentity() : undefined;
  const started = performance.now();
  const starting = launch(options, identity);
  try {
    const handshake = await shakeHands(starting, startTimeoutMs, signal);
    const startMs = performance.now() - started;
    if (handshake.network === "unix") {
      starting.process.coverSocket(handshake.address);
    }
    return run(starting, handshake, tlsCredentials(starting, handshake, identity), startMs, options);
  } catch (error) {
    starting.process.kill("SIGKILL");
    await starting.process.exited;
    throw error;
  }
}

/** Loads what AutoMTLS needs, which most hosts never do. */
async function createIdentity(): Promise<HostIdentity> {
  const { createHostIdentity } = await import("./connection/auto-mtls.js");
  return createHostIdentity();
}

function launch(options: StartOptions, identity: HostIdentity | undefined): StartingPlugin {
  const { executable, args = [], env = {}, onLog = () => {} } = options;
  const tail: string[] = [];
  const readLog = createLogReader();
  let onFirstLine: ((line: string | undefined) => void) | undefined;
  const firstLine = new Promise<string | undefined>((resolve) => {
    onFirstLine = resolve;
  });
  const process = launchPlugin({
    executable,
    args,
    env: pluginEnvironment({ ...identity?.env, ...env }),
    onStdout({ text }) {
      if (onFirstLine === undefined) {
        onLog(plainEntry("debug", text));
      } else {
        onFirstLine(text);
        onFirstLine = undefined;
      }
    },
    onStderr(line) {
      tail.push(line.text);
      if (tail.length > STDERR_LINES) {
        tail.shift();
      }
      onLog(readLog(line));
    },
  });
  process.stdoutClosed.then(() => onFirstLine?.(undefined));
  return { executable, process, firstLine, stderrTail: () => tail.join("\n") };
}

function tlsCredentials(
  { executable, stderrTail }: StartingPlugin,
  { serverCert }: Handshake,
  identity: HostIdentity | undefined,
): ChannelCredentials | undefined {
  const hasCert = serverCert.length >= SHORTEST_CERT;
  if (identity === undefined && !hasCert) {
    return undefined;
  }
  try {
    if (identity === undefined) {
      throw new HandshakeError("the plugin sent a certificate, which this host did not ask for");
    }
    if (!hasCert) {
      throw new HandshakeError("the plugin sent no certificate: it does not offer the AutoMTLS it was asked for");
    }
    return identity.credentials(serverCert);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new PluginStartError(`${executable}: ${text}`, { stderr: stderrTail(), cause });
  }
}

function run(
  { process }: StartingPlugin,
  handshake: Handshake,
  tls: ChannelCredentials | undefined,
  startMs: number,
  options: StartOptions,
): Plugin {
  const client = connect(handshake, tls);
  const gone = new AbortController();
  const exited = process.exited.finally(() => {
    gone.abort();
    client.close();
  });
  void followStdio(client, options.onLog ?? (() => {}), gone.signal);
  const rpc = clientRpc(client, (error) => explainWithExit(error, exited));

  let stopping: Promise<StopResult> | undefined;
  const plugin: Plugin = {
    ...createCalls(rpc),
    pid: process.pid,
    handshake,
    startMs,
    rpc,
    client,
    exited,
    stop() {
      stopping ??= stopProcess(client, exited, () => process.kill("SIGKILL"));
      return stopping;
    },
    async [Symbol.asyncDispose]() {
      await plugin.stop();
    },
  };
  return plugin;
}
