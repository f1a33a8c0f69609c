import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { findCompiler } from "./bun.js";

/**
 * Bundles a backend as a binary has it inside: one file for what is loaded at the start, and one for each part that is imported
 * on demand, each with a source map beside it. To see what is in which.
 *
 * @param entry absolute path of the backend's main module
 * @param outdir folder that is written
 * @throws Failure when the compiler's package is not installed
 */
export async function bundleInParts(entry: string, outdir: string): Promise<void> {
  const args = [
    "build",
    entry,
    "--target=bun",
    "--format=esm",
    "--splitting",
    "--sourcemap=linked",
    `--outdir=${outdir}`,
  ];
  await promisify(execFile)(findCompiler(), args, { cwd: dirname(entry) });
}
