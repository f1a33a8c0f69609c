/** What `framewright check` does, for tests of plugins. */
import type { CheckTarget } from "./check-context.js";
import { requirementGroups } from "./requirements/index.js";
import { type CheckOptions, type CheckResult, runCheck } from "./run-check.js";

export type { CheckTarget } from "./check-context.js";
export { type CheckSummary, reportJson, reportText, summarize } from "./report.js";
export type { Requirement } from "./requirement.js";
export type { CheckOptions, CheckResult } from "./run-check.js";
export type { Verdict } from "./verdict.js";

/**
 * Looks whether a backend plugin, in whatever language it is written, keeps to Grafana's plugin protocol: starts its
 * executable as Grafana does, a few times and in a few ways, and looks at one requirement after the other. Nothing that it
 * starts is left running.
 *
 * @throws the signal's reason when it is stopped; an error that says so when the executable cannot be run
 */
export function checkPlugin(target: CheckTarget, options: CheckOptions = {}): Promise<CheckResult[]> {
  return runCheck(target, requirementGroups, options);
}
