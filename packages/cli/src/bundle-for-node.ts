import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { findCompiler } from "./bun.js";

/**
 * Bundles a backend into one ES module that Node runs: the code of the binary without the binary, for comparisons.
 *
 * @param entry absolute path of the backend's main module
 * @param outfile where the bundle is written; its name should end in `.mjs`
 * @throws Failure when the compiler's package is not installed
 */
export async function bundleForNode(entry: string, outfile: string): Promise<void> {
  const args = ["build", entry, "--target=node", "--format=esm", "--minify", `--outfile=${outfile}`];
  await promisify(execFile)(findCompiler(), args, { cwd: dirname(entry) });
}
