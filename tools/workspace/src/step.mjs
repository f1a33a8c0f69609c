// @ts-check
import { capture, passThrough } from "./child.mjs";
import { seconds, startProgress } from "./progress.mjs";

/**
 * Runs a program quietly behind a progress line. Its output is shown, whole, only when it fails or could not do its work.
 *
 * @param {string} label
 * @param {import("./child.mjs").Command} command
 * @param {number} [skipCode] the exit code that says it could not do its work here
 * @returns {Promise<import("./child.mjs").Outcome>}
 */
export async function quietStep(label, command, skipCode) {
  const progress = startProgress(label);
  /** @type {import("./child.mjs").Outcome | undefined} */
  let outcome;
  try {
    outcome = await capture(command, progress.update);
    return outcome;
  } finally {
    const skipped = outcome !== undefined && outcome.code === skipCode;
    progress.end(skipped ? "skipped" : outcome?.code === 0);
    if (outcome !== undefined && outcome.code !== 0) {
      const verdict = outcome.code === skipCode ? "was skipped" : `failed with exit code ${outcome.code}`;
      process.stdout.write(`${outcome.output.trimEnd()}\n${label} ${verdict}.\n`);
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
