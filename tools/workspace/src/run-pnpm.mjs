// @ts-check
import { passThrough } from "./child.mjs";
import { ensurePnpm, pnpmEnvironment } from "./pnpm.mjs";

/**
 * Runs the pinned pnpm in the root folder on this terminal, for machines that have no pnpm of their own.
 *
 * @param {readonly string[]} args given to pnpm
 * @returns {Promise<number>} its exit code
 * @throws {import("./user-error.mjs").UserError} when pnpm cannot be fetched
 */
export async function runPnpm(args) {
  const binary = await ensurePnpm();
  const { code } = await passThrough({ file: binary, args, env: pnpmEnvironment(binary) });
  return code;
}
