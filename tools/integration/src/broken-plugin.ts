import { buildPlugin } from "./build-plugin.js";
import type { TemporaryFolder } from "./temporary-folder.js";

/** Compiles the plugin of `broken/`, which does all right, or all but one thing. */
export async function buildBroken(): Promise<string> {
  return (await buildPlugin("broken")).executable;
}

/**
 * Writes an executable that runs the plugin of `broken/` with one deviation from what is right: a host gives a plugin no
 * arguments.
 *
 * @param executable what {@link buildBroken} made
 * @param deviation a name of `broken/backend/deviations.ts`; `none` for the plugin that does all right
 * @returns the executable's path
 */
export function brokenPlugin(folder: TemporaryFolder, executable: string, deviation: string): Promise<string> {
  return folder.write(`gpx_${deviation}`, `#!/bin/sh\nexec '${executable}' ${deviation}\n`, 0o755);
}
