import { readFile } from "node:fs/promises";
import { PluginFolderError } from "./plugin-folder-error.js";

/** What starting a plugin takes from its plugin.json. */
export interface PluginManifest {
  /** The plugin's id, unique among all of Grafana's. */
  readonly id: string;
  /** First part of the binary's file name, such as `gpx_csv`. */
  readonly executable: string;
  /** `info.version`; undefined where there is none or where it is still a placeholder. */
  readonly version: string | undefined;
}

/**
 * Reads and checks a plugin.json.
 *
 * @param path where it is, also the name used in messages.
 * @returns what was read, and the file's text.
 * @throws PluginFolderError that names the file, the property and what to write there.
 */
export async function readPluginManifest(path: string): Promise<{ manifest: PluginManifest; text: string }> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw new PluginFolderError(`${path} does not exist: every plugin has a plugin.json`);
    throw new PluginFolderError(`${path} cannot be read: ${String(error)}`, { cause: error });
  }
  return { manifest: parsePluginManifest(text, path), text };
}

/**
 * Checks the text of a plugin.json. Format: https://grafana.com/developers/plugin-tools/reference/plugin-json
 *
 * @throws PluginFolderError that names `path`, the property and what to write there.
 */
export function parsePluginManifest(text: string, path: string): PluginManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PluginFolderError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(json)) throw new PluginFolderError(`${path} holds no JSON object`);
  const id = json["id"];
  if (typeof id !== "string" || id === "") {
    throw new PluginFolderError(`${path}: "id" must be the plugin's id, such as "acme-weather-datasource"`);
  }
  if (json["backend"] !== true) {
    throw new PluginFolderError(`${path}: "backend" must be true: without it Grafana never starts the plugin's binary`);
  }
  const info = json["info"];
  const version = isObject(info) ? info["version"] : undefined;
  return {
    id,
    executable: checkExecutable(json["executable"], path),
    version: typeof version === "string" && version !== "" && !version.includes("%") ? version : undefined,
  };
}

function checkExecutable(executable: unknown, path: string): string {
  const wanted = `the first part of the binary's file name, such as "gpx_weather"`;
  if (executable === undefined) throw new PluginFolderError(`${path}: "executable" is missing: give it ${wanted}`);
  if (typeof executable !== "string" || executable === "") {
    throw new PluginFolderError(`${path}: "executable" must be a text: ${wanted}`);
  }
  if (/[/\\]/.test(executable)) {
    throw new PluginFolderError(
      `${path}: "executable" is ${JSON.stringify(executable)}, which contains a path separator: give it ${wanted}; ` +
        "the binary stands beside plugin.json",
    );
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(executable)) {
    throw new PluginFolderError(
      `${path}: "executable" is ${JSON.stringify(executable)}: use letters, digits, "_", "-" and ".", beginning with a letter or digit`,
    );
  }
  if (/(\.exe|_(linux|darwin|windows)_(amd64|arm64))$/i.test(executable)) {
    throw new PluginFolderError(
      `${path}: "executable" is ${JSON.stringify(executable)}: leave out the platform and ".exe", which Grafana adds itself`,
    );
  }
  return executable;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Whether a value is a JSON object: neither null nor an array. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
