import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ADDRESS_FILE, addressVariable } from "./standalone-files.js";

/** Whether anything says that the plugin runs on its own: all that a normal start has to look at. */
export function mayBeStandalone(pluginId: string): boolean {
  const asked = process.env[addressVariable(pluginId)];
  return Boolean(asked) || existsSync(join(dirname(process.execPath), ADDRESS_FILE));
}
