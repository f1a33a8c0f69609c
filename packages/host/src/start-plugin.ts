import {
  CollectMetricsRequest,
  ControllerService,
  DataService,
  DiagnosticsService,
  GRAFANA_PROTOCOL_VERSION,
  type Handshake,
  HandshakeError,
  HEALTH_SERVICE_NAME,
  HealthCheckResponse_ServingStatus,
  HealthService,
  type LogEntry,
  parseHandshake,
  ResourceService,
} from "@framewright/protocol";
import { Client, credentials } from "@grpc/grpc-js";
import { toCallResourceRequest, toWebResponse } from "./client/call-resource.js";
import { fromCheckHealthResponse, toCheckHealthRequest } from "./client/check-health.js";
import { callServerStream, callUnary } from "./client/grpc-call.js";
import { toWireContext } from "./client/plugin-context.js";
import { fromQueryDataResponse, toQueryDataRequest } from "./client/query-data.js";
import type { Plugin, StopResult } from "./plugin.js";
import { PluginStartError } from "./plugin-errors.js";
import { describeExit, type ExitStatus } from "./process/exit-status.js";
import { type PluginProcess, spawnPlugin } from "./process/plugin-process.js";

/** How a plugin is started. */
export interface StartOptions {
  /** Path of the plugin's executable. */
  readonly executable: string;
  readonly args?: readonly string[];
  /** Added to the environment. Nothing of this process's own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long the plugin may take to its handshake, in ms; go-plugin's 60,000 unless given. */
  readonly startTimeoutMs?: number;
  /** Gets every line that the plugin logs or prints. */
  readonly onLog?: (entry: LogEntry) => void;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

/** How long a plugin may take to end after it was asked to, in ms; go-plugin's figure. */
const STOP_MS = 2_000;

/**
 * Starts a plugin as Grafana does, waits for its handshake and connects.
 *
 * @throws PluginStartError when the executable cannot run, ends or stays silent before the handshake, or prints
 *   another line; the process is gone by then
 */
export async function startPlugin(options: StartOptions): Promise<Plugin> {
  options.signal?.throwIfAborted();
  const started = performance.now();
  const child = spawnPlugin({
    executable: options.executable,
    args: options.args ?? [],
    env: options.env ?? {},
    onLog: options.onLog ?? (() => {}),
  });
  try {
    const handshake = await shakeHands(child, options);
    if (handshake.network === "unix") {
      child.removeWhenGone(handshake.address);
    }
    return connect(child, handshake, performance.now() - started);
  } catch (error) {
    child.kill("SIGKILL");
    await child.exited;
    throw error;
  }
}

async function shakeHands(child: PluginProcess, options: StartOptions): Promise<Handshake> {
  const { executable } = options;
  const line = await firstLineInTime(child, options);
  if (line === undefined) {
    const exit = await child.exited;
    throw new PluginStartError(`${executable} ${describeExit(exit)} before its handshake`, {
      stderr: child.stderrTail(),
      exit,
    });
  }
  try {
    return checkVersion(parseHandshake(line));
  } catch (cause) {
    throw new PluginStartError(`${executable}: ${message(cause)}`, { stderr: child.stderrTail(), cause });
  }
}

async function firstLineInTime(child: PluginProcess, options: StartOptions): Promise<string | undefined> {
  const { executable, startTimeoutMs = 60_000, signal } = options;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const text = `${executable} printed no handshake within ${startTimeoutMs} ms`;
      reject(new PluginStartError(text, { stderr: child.stderrTail() }));
    }, startTimeoutMs);
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort);
  });
  const line = child.firstLine.catch((cause: unknown) => {
    throw new PluginStartError(`${executable} cannot be run: ${message(cause)}`, { stderr: "", cause });
  });
  try {
    return await Promise.race([line, givenUp]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) {
      signal?.removeEventListener("abort", onAbort);
    }
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

function connect(child: PluginProcess, handshake: Handshake, startMs: number): Plugin {
  const target = handshake.network === "unix" ? `unix:${handshake.address}` : handshake.address;
  const client = new Client(target, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const exited = child.exited.finally(() => client.close());

  let stopping: Promise<StopResult> | undefined;
  async function stop(): Promise<StopResult> {
    // The answer may be lost with the connection; what counts is that the process ends.
    callUnary(client, ControllerService.shutdown, {}, { timeoutMs: STOP_MS }).catch(() => {});
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      child.kill("SIGKILL");
    }, STOP_MS);
    const exit: ExitStatus = await exited;
    clearTimeout(timer);
    return { ...exit, killed };
  }

  const plugin: Plugin = {
    pid: child.pid,
    handshake,
    startMs,
    client,
    exited,
    async queryData(call, options) {
      return fromQueryDataResponse(await callUnary(client, DataService.queryData, toQueryDataRequest(call), options));
    },
    async checkHealth(context, options) {
      return fromCheckHealthResponse(
        await callUnary(client, DiagnosticsService.checkHealth, toCheckHealthRequest(context), options),
      );
    },
    callResource(call, options) {
      const request = toCallResourceRequest(call);
      return toWebResponse((cancelled) => {
        const signal = options?.signal === undefined ? cancelled : AbortSignal.any([options.signal, cancelled]);
        return callServerStream(client, ResourceService.callResource, request, { ...options, signal });
      });
    },
    async collectMetrics(context, options) {
      const request = CollectMetricsRequest.fromPartial({ pluginContext: toWireContext(context) });
      const { metrics } = await callUnary(client, DiagnosticsService.collectMetrics, request, options);
      return new TextDecoder().decode(metrics?.prometheus);
    },
    async isServing(options) {
      const { status } = await callUnary(client, HealthService.check, { service: HEALTH_SERVICE_NAME }, options);
      return status === HealthCheckResponse_ServingStatus.SERVING;
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
    async [Symbol.asyncDispose]() {
      await plugin.stop();
    },
  };
  return plugin;
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
