import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { findCompiler } from "./bun.js";
import { Failure } from "./failure.js";

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

/**
 * Bundles a backend into one ES module that Node runs, for its debugger: names and lines are kept, and a source map lies beside it.
 *
 * @param entry absolute path of the backend's main module
 * @param outfile where the bundle is written; its name should end in `.mjs`
 * @throws Failure when the compiler's package is not installed, or with the compiler's messages where the source does not compile
 */
export async function bundleForDebugger(entry: string, outfile: string): Promise<void> {
  // Not --outfile, of which Bun takes no more than the name where there is a source map.
  const place = [`--outdir=${dirname(outfile)}`, `--entry-naming=${basename(outfile)}`];
  await runCompiler(entry, ["--target=node", "--sourcemap=linked", ...place]);
}

async function bundle(target: "node" | "browser", entry: string, outfile: string): Promise<void> {
  await runCompiler(entry, [`--target=${target}`, "--minify", `--outfile=${outfile}`]);
}

async function runCompiler(entry: string, options: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(findCompiler(), ["build", entry, "--format=esm", ...options], { cwd: dirname(entry) });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw said === "" ? error : new Failure(`${entry} could not be bundled:\n${said}`);
  }
}
