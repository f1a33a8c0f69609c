import { formatHandshake, GRAFANA_PROTOCOL_VERSION, HandshakeEnv, negotiateVersion } from "@framewright/protocol";
import { pluginIdProblem } from "../build-info.js";
import type { Plugin } from "../handlers.js";
import { printOnStdout } from "../log/capture-stdout.js";
import { log } from "../log/logger.js";
import { profileWhenAsked } from "../profiling/profile-when-asked.js";
import { traceWhenAsked } from "../tracing/trace-when-asked.js";
import { bind, removeSocket } from "./bind.js";
import { createCallsInFlight } from "./calls/calls-in-flight.js";
import { watchUncaughtErrors } from "./calls/work-scope.js";
import { startedByHand } from "./check-cookie.js";
import { createServer, DEFAULT_MAX_RECEIVED_BYTES, REQUEST_LOG_VARIABLE } from "./create-server.js";
import { createEnding } from "./ending.js";
import { listenAddress } from "./listen-address.js";
import type { ServeOptions } from "./serve-options.js";
import { mayBeStandalone } from "./standalone/may-be-standalone.js";
import { watchParent } from "./watch-parent.js";

/**
 * Runs a plugin: shakes hands with the host that started this process, then answers its calls until the host ends it.
 * Resolves once the plugin is being served. Started by hand instead, the process says what it is and exits with 1; so it does
 * where it was built with a plugin.json that has another id.
 *
 * With `--standalone` the plugin runs without a host, for a debugger, and the next one that Grafana starts sends Grafana
 * there; `--version` and `--buildinfo` print what was built.
 *
 * Ends the process with code 0 when the host asks for it, on SIGTERM and SIGHUP, and when the host is gone.
 */
export async function serve(plugin: Plugin, options: ServeOptions = {}): Promise<void> {
  const parent = process.ppid;
  const args = process.argv.slice(2);
  if (args.length > 0) {
    const { runCommandLine } = await import("./command-line.js");
    if (await runCommandLine(args, plugin, options)) {
      return;
    }
  }
  const refusal = startedByHand(process.env, plugin.pluginId) ?? pluginIdProblem(plugin.pluginId);
  if (refusal !== undefined) {
    process.stderr.write(refusal);
    process.exit(1);
  }
  watchUncaughtErrors();
  // Ctrl-C in Grafana's terminal reaches every child; Grafana itself will say when to end.
  process.on("SIGINT", () => log.debug("interrupt ignored"));
  try {
    if (mayBeStandalone(plugin.pluginId)) {
      const { pointToStandalone } = await import("./standalone/point-to-standalone.js");
      if (await pointToStandalone(plugin.pluginId, parent)) {
        return;
      }
    }
    await start(plugin, options, parent);
  } catch (error) {
    log.error("the plugin could not start", { error });
    process.exit(1);
  }
}

async function start(plugin: Plugin, options: ServeOptions, parent: number): Promise<void> {
  const { env } = process;
  const clientCert = env[HandshakeEnv.clientCert];
  const mtls = clientCert ? await (await import("./auto-mtls.js")).autoMtls(clientCert) : undefined;
  await traceWhenAsked(env, plugin.pluginId, options.traceAttributes);
  const inFlight = createCallsInFlight();
  const server = createServer({
    handlers: plugin.handlers,
    log,
    requestLog: process.env[REQUEST_LOG_VARIABLE] === "true",
    inFlight,
    maxReceivedBytes: options.maxReceivedBytes ?? DEFAULT_MAX_RECEIVED_BYTES,
    onShutdown: () => void end("shutdown"),
  });
  const where = listenAddress(env, process.platform);
  const end = createEnding({ plugin, server, inFlight, release: () => removeSocket(where) });
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGHUP", () => void end("SIGHUP"));
  const bound = await bind(server, where, mtls?.tls);
  watchParent(parent, () => void end("the host is gone"));
  const line = formatHandshake({
    protocolVersion: negotiateVersion(env[HandshakeEnv.protocolVersions], [GRAFANA_PROTOCOL_VERSION]),
    network: bound.network,
    address: bound.address,
    serverCert: mtls?.serverCert ?? "",
    multiplex: env[HandshakeEnv.multiplexGrpc] ? false : undefined,
  });
  printOnStdout(`${line}\n`, (error) => {
    if (error) {
      void end("nobody reads the handshake");
    }
  });
  process.stdout.on("error", () => void end("nobody reads the handshake"));
  await profileWhenAsked(env);
}
