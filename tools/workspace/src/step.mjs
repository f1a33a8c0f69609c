// @ts-check
import { capture, passThrough } from "./child.mjs";
import { seconds, startProgress } from "./progress.mjs";

/**
 * Runs a program quietly behind a progress line. Its output is shown, whole, only when it fails.
 *
 * @param {string} label
 * @param {import("./child.mjs").Command} command
 * @returns {Promise<import("./child.mjs").Outcome>}
 */
export async function quietStep(label, command) {
  const progress = startProgress(label);
  /** @type {import("./child.mjs").Outcome | undefined} */
  let outcome;
  try {
    outcome = await capture(command, progress.update);
    return outcome;
  } finally {
    progress.end(outcome?.code === 0);
    if (outcome !== undefined && outcome.code !== 0) {
      process.stdout.write(`${outcome.output.trimEnd()}\n${label} failed with exit code ${outcome.code}.\n`);
    }
  }
}

/**
 * Runs a program that shows progress of its own.
 *
 * @param {string} label
 * @param {import("./child.mjs").Command} command
 * @returns {Promise<import("./child.mjs").Outcome>}
 */
export async function loudStep(label, command) {
  const started = Date.now();
  process.stdout.write(`→ ${label}\n`);
  const outcome = await passThrough(command);
  process.stdout.write(`${outcome.code === 0 ? "✓" : "✗"} ${label} (${seconds(Date.now() - started)})\n`);
  return outcome;
}
