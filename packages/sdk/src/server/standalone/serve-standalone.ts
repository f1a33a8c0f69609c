import type { Plugin } from "../../handlers.js";
import { log } from "../../log/logger.js";
import { profileWhenAsked } from "../../profiling/profile-when-asked.js";
import { traceWhenAsked } from "../../tracing/trace-when-asked.js";
import { createCallsInFlight } from "../calls/calls-in-flight.js";
import { watchUncaughtErrors } from "../calls/work-scope.js";
import { createServer, DEFAULT_MAX_RECEIVED_BYTES, REQUEST_LOG_VARIABLE } from "../create-server.js";
import { createEnding } from "../ending.js";
import type { ServeOptions } from "../serve-options.js";
import { endRunningPlugins } from "./end-running-plugins.js";
import { findPluginFolder, type PluginFolder } from "./find-plugin-folder.js";
import { isReachable, splitAddress } from "./is-reachable.js";
import { addressVariable, readStandalone, removeStandalone, writeStandalone } from "./standalone-files.js";

/** Any free port, of this machine's own address: there is no one to ask who may connect. */
const ANY_ADDRESS = "127.0.0.1:0";

/**
 * Serves a plugin on its own, in a debugger for example: on TCP, with its address in a file where the plugin finds it that
 * Grafana starts. SIGINT, SIGTERM and SIGHUP end it; a host's Shutdown does not.
 *
 * The address is that in `GF_PLUGIN_GRPC_ADDRESS_<ID>`, where it is set; without a host in it, as in `:50051`, the plugin
 * listens on every address, as one in Go does.
 */
export async function serveStandalone(plugin: Plugin, options: ServeOptions): Promise<void> {
  watchUncaughtErrors();
  try {
    await start(plugin, options);
  } catch (error) {
    log.error("the plugin could not start", { error });
    process.exit(1);
  }
}

async function start(plugin: Plugin, options: ServeOptions): Promise<void> {
  const found = await findPluginFolder(plugin.pluginId, process.cwd(), process.execPath);
  await refuseSecond(found);
  await traceWhenAsked(process.env, plugin.pluginId, options.traceAttributes);
  const inFlight = createCallsInFlight();
  const server = createServer({
    handlers: plugin.handlers,
    log,
    requestLog: process.env[REQUEST_LOG_VARIABLE] === "true",
    inFlight,
    maxReceivedBytes: options.maxReceivedBytes ?? DEFAULT_MAX_RECEIVED_BYTES,
    onShutdown: () => log.debug("a plugin that runs on its own does not end with its host"),
  });
  const end = createEnding({ plugin, server, inFlight, release: () => removeStandalone(found.folder) });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void end(signal));
  }
  const asked = process.env[addressVariable(plugin.pluginId)];
  const { host, port } = splitAddress(asked || ANY_ADDRESS);
  const listening = host || "0.0.0.0";
  const bound = await server.listen({ host: listening, port });
  const reachable = listening === "0.0.0.0" ? "127.0.0.1" : listening;
  const address = `${reachable.includes(":") ? `[${reachable}]` : reachable}:${bound}`;
  await writeStandalone(found.folder, address, process.pid);
  await endRunningPlugins(found);
  await profileWhenAsked(process.env);
  log.info("the plugin runs on its own; Grafana finds it when it starts the plugin", { address, folder: found.folder });
}

async function refuseSecond({ folder }: PluginFolder): Promise<void> {
  const other = await readStandalone(folder);
  if (other !== undefined && (await isReachable(other))) {
    throw new Error(
      `the plugin runs on its own already, at ${other.address}${other.pid === undefined ? "" : ` as process ${other.pid}`}: ` +
        "end that one first",
    );
  }
}
