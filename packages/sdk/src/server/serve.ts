import { formatHandshake, GRAFANA_PROTOCOL_VERSION, HandshakeEnv, negotiateVersion } from "@framewright/protocol";
import { ServerCredentials } from "@grpc/grpc-js";
import type { Plugin } from "../handlers.js";
import { printOnStdout } from "../log/capture-stdout.js";
import { log } from "../log/logger.js";
import { type BoundAddress, bind } from "./bind.js";
import { createCallsInFlight } from "./calls/calls-in-flight.js";
import { watchUncaughtErrors } from "./calls/work-scope.js";
import { startedByHand } from "./check-cookie.js";
import { createServer, DEFAULT_MAX_RECEIVED_BYTES } from "./create-server.js";
import { createEnding } from "./ending.js";
import { listenAddress } from "./listen-address.js";
import { watchParent } from "./watch-parent.js";

/** How a plugin is served. */
export interface ServeOptions {
  /**
   * Largest message that is accepted, in bytes; 16 MiB unless given, and -1 for any size. A larger one is answered with
   * RESOURCE_EXHAUSTED. What the plugin sends is not limited.
   */
  readonly maxReceivedBytes?: number;
}

/**
 * Runs a plugin: shakes hands with the host that started this process, then answers its calls until the host ends it.
 * Resolves once the plugin is being served. Started by hand instead, the process says what it is and exits with 1.
 *
 * Ends the process with code 0 when the host asks for it, on SIGTERM and SIGHUP, and when the host is gone.
 */
export async function serve(plugin: Plugin, options: ServeOptions = {}): Promise<void> {
  const parent = process.ppid;
  const refusal = startedByHand(process.env, plugin.pluginId);
  if (refusal !== undefined) {
    process.stderr.write(refusal);
    process.exit(1);
  }
  watchUncaughtErrors();
  // Ctrl-C in Grafana's terminal reaches every child; Grafana itself will say when to end.
  process.on("SIGINT", () => log.debug("interrupt ignored"));
  try {
    await start(plugin, options, parent);
  } catch (error) {
    log.error("the plugin could not start", { error });
    process.exit(1);
  }
}

async function start(plugin: Plugin, options: ServeOptions, parent: number): Promise<void> {
  const { env } = process;
  const clientCert = env[HandshakeEnv.clientCert];
  const tls = clientCert ? await (await import("./auto-mtls.js")).autoMtls(clientCert) : undefined;
  const inFlight = createCallsInFlight();
  const server = createServer({
    handlers: plugin.handlers,
    log,
    inFlight,
    maxReceivedBytes: options.maxReceivedBytes ?? DEFAULT_MAX_RECEIVED_BYTES,
    onShutdown: () => void end("shutdown"),
  });
  let bound: BoundAddress | undefined;
  const end = createEnding({ plugin, server, inFlight, release: async () => bound?.release() });
  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGHUP", () => void end("SIGHUP"));
  const credentials = tls?.credentials ?? ServerCredentials.createInsecure();
  bound = await bind(server, listenAddress(env, process.platform), credentials);
  watchParent(parent, () => void end("the host is gone"));
  const line = formatHandshake({
    protocolVersion: negotiateVersion(env[HandshakeEnv.protocolVersions], [GRAFANA_PROTOCOL_VERSION]),
    network: bound.network,
    address: bound.address,
    serverCert: tls?.serverCert ?? "",
    multiplex: env[HandshakeEnv.multiplexGrpc] ? false : undefined,
  });
  printOnStdout(`${line}\n`, (error) => {
    if (error) {
      void end("nobody reads the handshake");
    }
  });
  process.stdout.on("error", () => void end("nobody reads the handshake"));
}
