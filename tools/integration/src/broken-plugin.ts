import { chmod } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { TemporaryFolder } from "./temporary-folder.js";

const script = fileURLToPath(new URL("../broken/plugin.mjs", import.meta.url));

/**
 * Writes an executable that runs the plugin of `broken/`, by itself or with one deviation from what is right.
 *
 * @param deviation a name of `broken/deviations.mjs`; `none` for the plugin that does all right
 * @returns the executable's path
 */
export async function brokenPlugin(folder: TemporaryFolder, deviation: string): Promise<string> {
  // A plugin's environment has no PATH to find node by.
  const text = `#!/bin/sh\nexec '${process.execPath}' '${script}' ${deviation}\n`;
  const path = await folder.write(`gpx_${deviation}`, text);
  await chmod(path, 0o755);
  return path;
}
