import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** An installed plugin, as far as its plugin.json tells. */
export interface PluginFolder {
  readonly folder: string;
  /** `executable` of plugin.json. */
  readonly executable: string | undefined;
}

/**
 * Finds the folder that Grafana loads the plugin from: the executable's own, or `dist/` of the working folder or the one
 * above, or the working folder. A plugin may lie deeper in it, as a data source in its app does.
 *
 * @param executable the running program: the plugin's binary, or Node
 * @throws Error naming the folders that were looked at
 */
export async function findPluginFolder(pluginId: string, cwd: string, executable: string): Promise<PluginFolder> {
  const places = [dirname(executable), join(cwd, "dist"), join(dirname(cwd), "dist"), cwd];
  for (const [index, place] of places.entries()) {
    // Only a dist/ is known to hold nothing but the plugin.
    const found = await findIn(place, pluginId, index === 1 || index === 2);
    if (found !== undefined) {
      return found;
    }
  }
  throw new Error(
    `no plugin.json with the id ${pluginId} in ${[...new Set(places)].join(", ")}: build the plugin and start it in its folder`,
  );
}

async function findIn(place: string, pluginId: string, recursive: boolean): Promise<PluginFolder | undefined> {
  const entries = await readdir(place, { recursive, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.name === "plugin.json" && entry.isFile()) {
      const manifest = await readManifest(join(entry.parentPath, entry.name));
      if (manifest["id"] === pluginId) {
        const { executable } = manifest;
        return { folder: entry.parentPath, executable: typeof executable === "string" ? executable : undefined };
      }
    }
  }
  return undefined;
}

/** A plugin.json that is no JSON object has no id either. */
async function readManifest(path: string): Promise<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof manifest === "object" && manifest !== null ? { ...manifest } : {};
  } catch {
    return {};
  }
}
