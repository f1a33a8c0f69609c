import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { binaryName, hostPlatform, platformName } from "./platform.js";
import { PluginFolderError } from "./plugin-folder-error.js";
import { readPluginManifest } from "./plugin-manifest.js";

/** A plugin that can be started here. */
export interface LocatedPlugin {
  /** Absolute path of the binary. */
  readonly executable: string;
  /** From plugin.json; the binary's name where it stands alone. */
  readonly pluginId: string;
  /** The version in plugin.json; undefined where there is none. */
  readonly version: string | undefined;
}

/**
 * Finds the binary of a built plugin for this machine, as Grafana does.
 *
 * @param path a folder with plugin.json and binaries, or a binary itself.
 * @throws PluginFolderError saying what is there instead.
 */
export async function locatePlugin(path: string): Promise<LocatedPlugin> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (found === undefined) throw new PluginFolderError(`${path} does not exist`);
  const folder = found.isDirectory() ? absolute : dirname(absolute);
  const manifestPath = join(folder, "plugin.json");

  if (!found.isDirectory()) {
    if (!(await isFile(manifestPath)))
      return { executable: absolute, pluginId: basename(absolute), version: undefined };
    const { manifest } = await readPluginManifest(manifestPath);
    return { executable: absolute, pluginId: manifest.id, version: manifest.version };
  }

  if (!(await isFile(manifestPath))) {
    const built = await isFile(join(folder, "dist", "plugin.json"));
    throw new PluginFolderError(
      `${path} holds no plugin.json: ${built ? `the built plugin is in ${join(path, "dist")}` : 'run "framewright build" first'}`,
    );
  }
  const { manifest } = await readPluginManifest(manifestPath);
  const platform = hostPlatform();
  const name = binaryName(manifest.executable, platform);
  const executable = join(folder, name);
  if (!(await isFile(executable))) {
    const others = (await readdir(folder)).filter((other) => other.startsWith(`${manifest.executable}_`));
    const there = others.length === 0 ? "no binary is there" : `there is ${others.join(", ")}`;
    throw new PluginFolderError(
      `${path} has no ${name}, and ${there}: run "framewright build --target ${platformName(platform)}" in the plugin's folder`,
    );
  }
  return { executable, pluginId: manifest.id, version: manifest.version };
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
