import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { locatePlugin } from "@framewright/host";

/** Compiles the probe of the integration tests and gives the path of its binary. */
export async function buildProbe(): Promise<string> {
  const cli = dirname(createRequire(import.meta.url).resolve("@framewright/cli/render"));
  const folder = fileURLToPath(new URL("../../integration/probe", import.meta.url));
  await promisify(execFile)(process.execPath, [join(cli, "..", "bin", "framewright.js"), "build", folder]);
  return (await locatePlugin(join(folder, "dist"))).executable;
}
