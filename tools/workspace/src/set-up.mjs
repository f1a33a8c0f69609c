// @ts-check
import { build, install } from "./prepare.mjs";
import { UserError } from "./user-error.mjs";

/**
 * Installs, with the lockfile brought up to date with every package.json, and builds the packages: what a plugin's own
 * scripts need before they run.
 *
 * @param {readonly string[]} args none
 * @returns {Promise<number>} exit code
 * @throws {UserError} when the dependencies cannot be installed or a package cannot be built
 */
export async function setUp(args) {
  if (args.length > 0) {
    throw new UserError("npm run setup takes no arguments.");
  }
  const workspace = await install({ updateLockfile: true });
  await build(workspace, "./packages/*");
  return 0;
}
