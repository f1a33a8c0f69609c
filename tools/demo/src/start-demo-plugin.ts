import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { locatePlugin, type Plugin, startPlugin } from "@framewright/host";

/** A plugin that runs, and the id that its plugin.json gives it. */
export interface DemoPlugin extends AsyncDisposable {
  readonly plugin: Plugin;
  readonly pluginId: string;
}

/**
 * Starts the compiled binary of a plugin of this workspace and prints what it is.
 *
 * @param packageName the `name` of the plugin's package.json
 */
export async function startDemoPlugin(packageName: string): Promise<DemoPlugin> {
  const folder = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  const { executable, pluginId } = await locatePlugin(join(folder, "dist"));
  const { size } = await stat(executable);
  const plugin = await startPlugin({ executable });
  console.log(`${pluginId}: ${basename(executable)}, ${(size / 1024 / 1024).toFixed(0)} MiB, one file.`);
  console.log(`Started the way Grafana starts a plugin; it shook hands after ${plugin.startMs.toFixed(0)} ms.\n`);
  return { plugin, pluginId, [Symbol.asyncDispose]: () => plugin[Symbol.asyncDispose]() };
}
