import { formatHandshake, GRAFANA_PROTOCOL_VERSION, HandshakeEnv, negotiateVersion } from "@framewright/protocol";
import type { Server } from "@grpc/grpc-js";
import type { Plugin } from "../handlers.js";
import { log } from "../log/logger.js";
import { type BoundAddress, bind } from "./bind.js";
import { startedByHand } from "./check-cookie.js";
import { createServer } from "./create-server.js";
import { listenAddress } from "./listen-address.js";
import { watchParent } from "./watch-parent.js";

/** How long calls in flight may go on after the host asked for the end, in ms; the host kills after 2,000. */
const DRAIN_MS = 1_500;

/** How long closing instances may take after that, in ms. */
const DISPOSE_MS = 300;

/**
 * Runs a plugin: shakes hands with the host that started this process, then answers its calls until the host ends it.
 * Resolves once the plugin is being served. Started by hand instead, the process says what it is and exits with 1.
 *
 * Ends the process with code 0 when the host asks for it, on SIGTERM and SIGHUP, and when the host is gone.
 */
export async function serve(plugin: Plugin): Promise<void> {
  const parent = process.ppid;
  const refusal = startedByHand(process.env, plugin.pluginId);
  if (refusal !== undefined) {
    process.stderr.write(refusal);
    process.exit(1);
  }
  process.on("uncaughtException", (error) => log.error("uncaught exception", { error }));
  process.on("unhandledRejection", (error) => log.error("unhandled rejection", { error }));
  // Ctrl-C in Grafana's terminal reaches every child; Grafana itself will say when to end.
  process.on("SIGINT", () => log.debug("interrupt ignored"));
  try {
    await start(plugin, parent);
  } catch (error) {
    log.error("the plugin could not start", { error });
    process.exit(1);
  }
}

async function start(plugin: Plugin, parent: number): Promise<void> {
  const { env } = process;
  if (env[HandshakeEnv.clientCert]) {
    throw new Error(
      "the host asks for AutoMTLS, which this version of the SDK does not offer; switch it off in the host",
    );
  }
  let bound: BoundAddress | undefined;
  const server = createServer(plugin.handlers, log, () => void end("shutdown"));

  let ending = false;
  async function end(reason: string): Promise<void> {
    if (ending) {
      return;
    }
    ending = true;
    log.debug("the plugin ends", { reason });
    await drain(server);
    await within(DISPOSE_MS, plugin.dispose()).catch((error: unknown) => log.warn("closing failed", { error }));
    await bound?.release();
    process.exit(0);
  }

  process.on("SIGTERM", () => void end("SIGTERM"));
  process.on("SIGHUP", () => void end("SIGHUP"));
  bound = await bind(server, listenAddress(env, process.platform));
  watchParent(parent, () => void end("the host is gone"));
  const line = formatHandshake({
    protocolVersion: negotiateVersion(env[HandshakeEnv.protocolVersions], [GRAFANA_PROTOCOL_VERSION]),
    network: bound.network,
    address: bound.address,
    serverCert: "",
    multiplex: env[HandshakeEnv.multiplexGrpc] ? false : undefined,
  });
  process.stdout.write(`${line}\n`, (error) => {
    if (error) {
      void end("nobody reads the handshake");
    }
  });
  process.stdout.on("error", () => void end("nobody reads the handshake"));
}

/** Takes no new calls and waits for those in flight, but not beyond {@link DRAIN_MS}. */
async function drain(server: Server): Promise<void> {
  const drained = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  await within(DRAIN_MS, drained);
  server.forceShutdown();
}

/** Waits for `work`, but for no longer than `ms`. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
