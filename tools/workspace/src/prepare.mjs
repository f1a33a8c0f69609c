// @ts-check
import { localBin } from "./local-bin.mjs";
import { ensurePnpm, pnpmEnvironment } from "./pnpm.mjs";
import { quietStep } from "./step.mjs";
import { UserError } from "./user-error.mjs";

/** turbo without telemetry, update notices and its full-screen view. */
const turboEnvironment = { TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1", TURBO_UI: "0" };

/**
 * A workspace whose dependencies are installed.
 *
 * @typedef {object} Workspace
 * @property {(...args: string[]) => import("./child.mjs").Command} pnpm
 * @property {(...args: string[]) => import("./child.mjs").Command} turbo
 */

/**
 * Fetches pnpm where needed and installs. With nothing to do pnpm itself sees that in a tenth of a second, so there is no
 * stamp of our own beside its state file.
 *
 * @param {{ updateLockfile?: boolean }} [options] whether the lockfile may change, else it is frozen
 * @returns {Promise<Workspace>}
 * @throws {UserError}
 */
export async function install({ updateLockfile = false } = {}) {
  const binary = await ensurePnpm();
  const env = pnpmEnvironment(binary);
  const pnpm = (/** @type {string[]} */ ...args) => ({ file: binary, args, env });
  // Said in either case, as pnpm's own default is another one on CI.
  const lockfile = updateLockfile ? "--no-frozen-lockfile" : "--frozen-lockfile";
  const outcome = await quietStep("install", pnpm("install", lockfile, "--reporter=append-only"));
  if (outcome.code !== 0) {
    const outdated = !updateLockfile && outcome.output.includes("frozen-lockfile");
    const hint = outdated ? " `npm run setup` brings pnpm-lock.yaml up to date." : "";
    throw new UserError(`The dependencies could not be installed: the reason is above.${hint}`);
  }
  return {
    pnpm,
    turbo: (...args) => ({ ...localBin("turbo", "turbo", args), env: { ...env, ...turboEnvironment } }),
  };
}

/**
 * Builds packages through turbo, which takes from its cache what has not changed.
 *
 * @param {Workspace} workspace
 * @param {string} [filter] turbo's filter syntax; everything when left out
 * @throws {UserError}
 */
export async function build(workspace, filter) {
  const scope = filter === undefined ? [] : [`--filter=${filter}`];
  const outcome = await quietStep("build", workspace.turbo("run", "build", "--output-logs=new-only", ...scope));
  if (outcome.code !== 0) {
    throw new UserError("The build failed: the reason is above.");
  }
}
