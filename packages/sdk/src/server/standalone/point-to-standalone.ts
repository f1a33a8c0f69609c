import { dirname } from "node:path";
import { formatHandshake, GRAFANA_PROTOCOL_VERSION, HandshakeEnv, negotiateVersion } from "@framewright/protocol";
import { printOnStdout } from "../../log/capture-stdout.js";
import { log } from "../../log/logger.js";
import { isAlive, watchParent } from "../watch-parent.js";
import { isReachable, splitAddress } from "./is-reachable.js";
import { addressVariable, readStandalone, removeStandalone, type StandalonePlugin } from "./standalone-files.js";

/** How often it is looked whether the plugin still runs on its own, in ms. */
const INTERVAL_MS = 1_000;

/**
 * Sends the host to the plugin that runs on its own, where there is one, and stays only as the process that the host
 * watches: it ends when the host does, and when that plugin does, so that the host starts the plugin anew.
 *
 * @param parent the host's process id
 * @returns whether there is one; otherwise the plugin is to be served as ever
 */
export async function pointToStandalone(pluginId: string, parent: number): Promise<boolean> {
  const { env } = process;
  const folder = dirname(process.execPath);
  const standalone = await findStandalone(env[addressVariable(pluginId)], folder);
  if (standalone === undefined) {
    return false;
  }
  if (env[HandshakeEnv.clientCert]) {
    log.warn("the host asks for AutoMTLS, which a plugin that runs on its own does not offer; it is passed over");
    return false;
  }
  const { host, port } = splitAddress(standalone.address);
  const end = (reason: string): void => {
    log.info("the host is no longer sent to the plugin that runs on its own", { reason });
    process.exit(0);
  };
  process.on("SIGTERM", () => end("SIGTERM"));
  process.on("SIGHUP", () => end("SIGHUP"));
  watchParent(parent, () => end("the host is gone"));
  const { pid } = standalone;
  // Keeps the process alive, too.
  setInterval(() => {
    if (pid !== undefined && !isAlive(pid)) {
      end("that plugin is gone");
    }
  }, INTERVAL_MS);
  const line = formatHandshake({
    protocolVersion: negotiateVersion(env[HandshakeEnv.protocolVersions], [GRAFANA_PROTOCOL_VERSION]),
    network: "tcp",
    address: `${host.includes(":") ? `[${host}]` : host || "127.0.0.1"}:${port}`,
    serverCert: "",
    multiplex: env[HandshakeEnv.multiplexGrpc] ? false : undefined,
  });
  printOnStdout(`${line}\n`, (error) => {
    if (error) {
      end("nobody reads the handshake");
    }
  });
  log.info("the host is sent to the plugin that runs on its own", { address: standalone.address, pid });
  return true;
}

/**
 * Whoever sets the variable knows that the plugin will be there; a file may be left over from one that was killed. What
 * cannot be read is no reason not to serve.
 */
async function findStandalone(asked: string | undefined, folder: string): Promise<StandalonePlugin | undefined> {
  try {
    const written = await readStandalone(folder);
    if (asked) {
      splitAddress(asked);
      return { address: asked, pid: written?.address === asked ? written.pid : undefined };
    }
    if (written === undefined || (await isReachable(written))) {
      return written;
    }
    log.info("files of a plugin that no longer runs on its own are removed", { folder, ...written });
    await removeStandalone(folder);
  } catch (error) {
    log.warn("whether the plugin runs on its own cannot be found out; it is served as ever", { error });
  }
  return undefined;
}
