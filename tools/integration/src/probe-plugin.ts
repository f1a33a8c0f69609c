import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type LocatedPlugin, locatePlugin, type PluginContextInput } from "@framewright/host";

/** The framewright command's script. */
export const framewright = join(
  dirname(createRequire(import.meta.url).resolve("@framewright/cli/render")),
  "..",
  "bin",
  "framewright.js",
);

/** Compiles the probe, a plugin that misbehaves on request. */
export async function buildProbe(): Promise<LocatedPlugin> {
  const folder = fileURLToPath(new URL("../probe", import.meta.url));
  await promisify(execFile)(process.execPath, [framewright, "build", folder]);
  return locatePlugin(join(folder, "dist"));
}

/** The context of a probe data source with these settings. */
export function probeContext(
  jsonData: Readonly<Record<string, unknown>> = {},
  updated = new Date(1_000),
): PluginContextInput {
  return { pluginId: "framewright-probe-datasource", dataSource: { uid: "probe", name: "Probe", jsonData, updated } };
}
