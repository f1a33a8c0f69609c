import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The files by which a plugin that runs on its own is found: `standalone.txt` holds its address, `pid.txt` its process id, both
 * in the folder of plugin.json and the executable. Source: the Go SDK's internal/standalone.
 */
export const ADDRESS_FILE = "standalone.txt";
const PID_FILE = "pid.txt";

/** A plugin that says it runs on its own. */
export interface StandalonePlugin {
  /** `host:port`. */
  readonly address: string;
  /** Absent where nothing says so. */
  readonly pid: number | undefined;
}

/** Environment variable that fixes a plugin's address, for both sides: `GF_PLUGIN_GRPC_ADDRESS_` and the id in capitals. */
export function addressVariable(pluginId: string): string {
  return `GF_PLUGIN_GRPC_ADDRESS_${pluginId.toUpperCase().replaceAll("-", "_")}`;
}

/** Reads what a folder's files say; `undefined` without an address. */
export async function readStandalone(folder: string): Promise<StandalonePlugin | undefined> {
  const address = await readText(join(folder, ADDRESS_FILE));
  const pid = await readText(join(folder, PID_FILE));
  return address === "" ? undefined : { address, pid: /^[1-9]\d*$/.test(pid) ? Number(pid) : undefined };
}

/** Writes both files, for their owner only. The address comes last, since a reader looks for it first. */
export async function writeStandalone(folder: string, address: string, pid: number): Promise<void> {
  await writeFile(join(folder, PID_FILE), String(pid), { mode: 0o600 });
  await writeFile(join(folder, ADDRESS_FILE), address, { mode: 0o600 });
}

/** Removes both files. */
export async function removeStandalone(folder: string): Promise<void> {
  await rm(join(folder, ADDRESS_FILE), { force: true });
  await rm(join(folder, PID_FILE), { force: true });
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return "";
    }
    throw error;
  }
}
