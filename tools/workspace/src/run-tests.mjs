// @ts-check
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, install } from "./prepare.mjs";
import { isCi } from "./progress.mjs";
import { root } from "./root.mjs";
import { loudStep, quietStep } from "./step.mjs";
import { suites } from "./suites.mjs";
import { succeeded, summaryLine, tallyCheck, tallySuite } from "./tally.mjs";
import { UserError } from "./user-error.mjs";

/**
 * Runs all checks and tests, also after one has failed, and ends with the line that sums them.
 *
 * @param {readonly string[]} args `--only <id>[,<id>…]` for some of the suites
 * @returns {Promise<number>} exit code
 * @throws {UserError}
 */
export async function runTests(args) {
  const selected = selectSuites(args);
  /** @type {import("./tally.mjs").Tally[]} */
  const tallies = [];
  try {
    const workspace = await install();
    if (selected.some((suite) => suite.needsBuild)) {
      await build(workspace);
    }
    for (const suite of selected) {
      tallies.push(await runSuite(suite, workspace));
    }
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    tallies.push({ passed: 0, failed: 1, skipped: [], notes: [error.message] });
  }
  return conclude(tallies);
}

/**
 * @param {readonly string[]} args
 * @returns {readonly import("./suites.mjs").Suite[]}
 */
export function selectSuites(args) {
  const known = suites.map((suite) => suite.id);
  const usage = `Usage: npm test -- [--only <suite>[,<suite>]], with the suites ${known.join(", ")}.`;
  let only;
  try {
    only = parseArgs({ args: [...args], options: { only: { type: "string" } } }).values.only;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  if (only === undefined) {
    return suites;
  }
  const wanted = only.split(",");
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new UserError(`There is no suite called "${unknown.join('", "')}".\n${usage}`);
  }
  return suites.filter((suite) => wanted.includes(suite.id));
}

/**
 * @param {import("./suites.mjs").Suite} suite
 * @param {import("./prepare.mjs").Workspace} workspace
 * @returns {Promise<import("./tally.mjs").Tally>}
 */
async function runSuite(suite, workspace) {
  if (suite.report === undefined) {
    return tallyCheck((await quietStep(suite.label, suite.command(workspace), suite.skipCode)).code, suite);
  }
  const report = path.join(root, suite.report);
  // A report of an earlier run must never be counted for this one.
  rmSync(report, { force: true });
  const { code } = await loudStep(suite.label, suite.command(workspace));
  return tallySuite(suite.label, existsSync(report) ? readFileSync(report, "utf8") : null, code);
}

/**
 * @param {readonly import("./tally.mjs").Tally[]} tallies
 * @returns {number}
 */
function conclude(tallies) {
  const ci = isCi();
  for (const note of tallies.flatMap((tally) => tally.notes)) {
    console.log(note);
  }
  for (const name of tallies.flatMap((tally) => tally.skipped)) {
    console.log(`skipped${ci ? ", which is a failure on CI" : ""}: ${name}`);
  }
  console.log(summaryLine(tallies));
  return succeeded(tallies, ci) ? 0 : 1;
}
