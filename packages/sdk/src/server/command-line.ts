import { buildInfo } from "../build-info.js";
import type { Plugin } from "../handlers.js";
import { printOnStdout } from "../log/capture-stdout.js";
import type { ServeOptions } from "./serve-options.js";

/**
 * Does what the command line asks for. Flags are the Go SDK's, with one dash or two: `version` and `buildinfo` print and end
 * the process, `standalone` serves without a host, for a debugger. Others are the author's own.
 *
 * @returns whether there was anything to do
 */
export async function runCommandLine(args: readonly string[], plugin: Plugin, options: ServeOptions): Promise<boolean> {
  const flags = new Set(args.map((arg) => /^--?(\w+)$/.exec(arg)?.[1]));
  if (flags.has("version")) {
    const { version } = buildInfo(plugin.pluginId);
    await printAndExit(
      version,
      "the version is not known: this was not built by `framewright build`, or has no version",
    );
  }
  if (flags.has("buildinfo")) {
    await printAndExit(JSON.stringify(buildInfo(plugin.pluginId)));
  }
  if (flags.has("standalone")) {
    const { serveStandalone } = await import("./standalone/serve-standalone.js");
    await serveStandalone(plugin, options);
    return true;
  }
  return false;
}

async function printAndExit(text: string | undefined, otherwise = ""): Promise<never> {
  if (text === undefined) {
    process.stderr.write(`${otherwise}\n`);
    return process.exit(1);
  }
  await new Promise((resolve) => printOnStdout(`${text}\n`, resolve));
  return process.exit(0);
}
