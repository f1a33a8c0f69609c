import { basename, join, relative, resolve } from "node:path";
import { isFile, isFolder } from "../assets.js";
import { bundleForDebugger } from "../bundle.js";
import { usageFailure } from "../failure.js";

/** The options of `framewright bundle`. */
export interface BundleCommandOptions {
  /** From the working folder; `.cache/backend.mjs` in the plugin's folder where it is not given. */
  readonly out?: string;
}

/** `framewright bundle [folder]`: makes a backend one module for Node and its debugger, and prints where it is. */
export async function runBundle(folder: string, options: BundleCommandOptions): Promise<void> {
  const root = resolve(folder);
  const entry = join(root, "backend", "main.ts");
  if (!(await isFile(entry))) throw usageFailure(`${entry} does not exist: name the folder of a plugin`);
  const outfile = options.out === undefined ? join(root, ".cache", "backend.mjs") : resolve(options.out);
  if (/[[\]]/.test(basename(outfile)) || (await isFolder(outfile))) {
    throw usageFailure(`${outfile} is no name for the bundle: it must be a file's, without brackets`);
  }
  await bundleForDebugger(entry, outfile);
  const below = relative(process.cwd(), outfile);
  console.log(`bundled into ${below.startsWith("..") ? outfile : below}`);
}
