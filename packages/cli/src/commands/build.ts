import { relative } from "node:path";
import { hostPlatform, type Platform, platformName, platforms } from "@framewright/host";
import type { BuildResult } from "../build-plugin.js";
import { buildPlugin, uniqueTargets } from "../build-plugin.js";
import { interruptible } from "../interrupt.js";

import { clearProgress, formatBytes, formatMs, showProgress } from "../terminal.js";

/** The options of `framewright build`. */
export interface BuildCommandOptions {
  readonly target?: readonly Platform[];
  readonly all?: boolean;
}

/** `framewright build [folder]`: compiles a plugin and prints what was made. */
export async function runBuild(folder: string, options: BuildCommandOptions): Promise<void> {
  const named = options.target ?? [];
  const targets = options.all === true ? platforms : named.length > 0 ? uniqueTargets(named) : [hostPlatform()];
  const started = performance.now();
  const result = await interruptible(async (signal) => {
    try {
      return await buildPlugin({
        folder,
        targets,
        signal,
        onStart: (platform) => showProgress(`compiling for ${platformName(platform)} …`),
        onBinary: () => clearProgress(),
      });
    } finally {
      clearProgress();
    }
  });
  printResult(result, performance.now() - started);
}

function printResult(result: BuildResult, ms: number): void {
  const below = relative(process.cwd(), result.dist);
  const dist = below.startsWith("..") ? result.dist : below;
  const width = Math.max(...result.binaries.map(({ name }) => name.length));
  for (const { name, bytes, ms: binaryMs, warnings } of result.binaries) {
    if (warnings !== "") process.stderr.write(`${warnings}\n`);
    console.log(`  ${name.padEnd(width)}  ${formatBytes(bytes).padStart(9)}  ${formatMs(binaryMs)}`);
  }
  console.log(`  ${result.assets.copied.join(", ")}`);
  if (result.assets.missing.length > 0) console.log(`  not found, left out: ${result.assets.missing.join(", ")}`);
  console.log(`${result.pluginId}: built into ${dist} in ${formatMs(ms)}`);
}
