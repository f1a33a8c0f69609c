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
  await bundle("node", entry, outfile);
}

export { bundleInParts } from "./bundle-in-parts.js";

/**
 * Bundles a module with all that it imports into one minified ES module for browsers, to know its size there.
 *
 * @param entry absolute path of the module
 * @param outfile where the bundle is written
 * @throws Failure when the compiler's package is not installed
 */
export async function bundleForBrowser(entry: string, outfile: string): Promise<void> {
  await bundle("browser", entry, outfile);
}

async function bundle(target: "node" | "browser", entry: string, outfile: string): Promise<void> {
  const args = ["build", entry, `--target=${target}`, "--format=esm", "--minify", `--outfile=${outfile}`];
  await promisify(execFile)(findCompiler(), args, { cwd: dirname(entry) });
}
