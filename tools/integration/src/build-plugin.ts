import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type LocatedPlugin, locatePlugin } from "@framewright/host";

/** The framewright command's script. */
export const framewright = join(
  dirname(createRequire(import.meta.url).resolve("@framewright/cli/render")),
  "..",
  "bin",
  "framewright.js",
);

/** Compiles a plugin that is in a folder of this package. */
export async function buildPlugin(name: string): Promise<LocatedPlugin> {
  const folder = fileURLToPath(new URL(`../${name}`, import.meta.url));
  await promisify(execFile)(process.execPath, [framewright, "build", folder]);
  return locatePlugin(join(folder, "dist"));
}
