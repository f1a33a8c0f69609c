// @ts-check
import { passThrough } from "./child.mjs";
import { build, install } from "./prepare.mjs";

/**
 * Installs, builds a package of the workspace with all it depends on, and runs its `start` script on this terminal.
 *
 * @param {string} folder from the root
 * @param {readonly string[]} args given to the script
 * @returns {Promise<number>} the script's exit code
 */
export async function runPackage(folder, args) {
  const workspace = await install();
  await build(workspace, `{./${folder}}...`);
  // By folder: with --filter pnpm adds an error report of its own and ends with 1, whatever the script's exit code was.
  const { code } = await passThrough(workspace.pnpm("--silent", "-C", folder, "run", "start", ...args));
  return code;
}
