import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PluginAddress } from "../connection/plugin-address.js";
import { isRunning } from "../process/is-running.js";

/** A plugin that runs standalone, under a debugger for example; `reattachPlugin` takes it as it is. */
export interface StandalonePlugin extends PluginAddress {
  /** Absent when the plugin did not leave its process id. */
  readonly pid?: number;
}

/**
 * Finds a plugin that was started with `--standalone`: by `GF_PLUGIN_GRPC_ADDRESS_<ID>`, else by the `standalone.txt` that
 * it leaves in its folder, with `pid.txt` beside it.
 * Source: the Go SDK's internal/standalone.
 *
 * @param folder where plugin.json and the binary are
 * @param pluginId the `id` of plugin.json
 * @throws the system's error when one of the files is there and cannot be read
 * @returns `undefined` when none is there, or the one that left the files no longer runs
 */
export async function findStandalone(
  folder: string,
  pluginId: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<StandalonePlugin | undefined> {
  const named = env[`GF_PLUGIN_GRPC_ADDRESS_${pluginId.toUpperCase().replaceAll("-", "_")}`];
  const address = named ?? (await readTrimmed(join(folder, "standalone.txt")));
  if (address === undefined || address === "") {
    return undefined;
  }
  const pidText = await readTrimmed(join(folder, "pid.txt"));
  if (pidText === undefined || pidText === "") {
    return { network: "tcp", address };
  }
  const pid = Number(pidText);
  return isRunning(pid) ? { network: "tcp", address, pid } : undefined;
}

async function readTrimmed(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
