import { Failure, messageOf } from "../failure.js";
import { CheckContext, type CheckTarget } from "./check-context.js";
import { within } from "./launched-plugin.js";
import type { Requirement, RequirementGroup } from "./requirement.js";
import { failed, NotApplicable, notApplicable, type Verdict } from "./verdict.js";

/** One requirement and what came of it. */
export interface CheckResult {
  readonly group: string;
  readonly requirement: Requirement;
  readonly verdict: Verdict;
  readonly ms: number;
}

/** How a check is made. */
export interface CheckOptions {
  /** Whether a recommendation that is not met is a failure. It is not unless given. */
  readonly strict?: boolean;
  /** Stops the check; what was started is ended. */
  readonly signal?: AbortSignal;
  /** Is told which requirement is looked at now. */
  readonly onRequirement?: (requirement: Requirement) => void;
}

/** How long one requirement may take unless it says so, in ms. */
const LIMIT_MS = 10_000;

/**
 * Looks at one requirement after the other. It takes no longer than the sum of their limits, and nothing that it started is
 * left running.
 *
 * @throws the signal's reason; Failure when the executable cannot be run
 */
export async function runCheck(
  target: CheckTarget,
  groups: readonly RequirementGroup[],
  options: CheckOptions,
): Promise<CheckResult[]> {
  const { strict = false, signal } = options;
  const context = new CheckContext(target);
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  const verdicts = new Map<string, Verdict>();
  const results: CheckResult[] = [];
  try {
    for (const { name, requirements } of groups) {
      for (const requirement of requirements) {
        signal?.throwIfAborted();
        options.onRequirement?.(requirement);
        const started = performance.now();
        const verdict = await look(requirement, context, verdicts, aborted, strict);
        verdicts.set(requirement.id, verdict);
        results.push({ group: name, requirement, verdict, ms: performance.now() - started });
      }
    }
  } finally {
    await context.end();
  }
  return results;
}

async function look(
  requirement: Requirement,
  context: CheckContext,
  before: ReadonlyMap<string, Verdict>,
  aborted: Promise<never>,
  strict: boolean,
): Promise<Verdict> {
  const missing = requirement.needs?.find((id) => before.get(id)?.status !== "passed");
  if (missing !== undefined) return notApplicable(`it needs ${missing}, which was not met`);
  const limitMs = requirement.limitMs ?? LIMIT_MS;
  const verdict = requirement.run(context).catch((error: unknown): Verdict => {
    // Nothing can be looked at in what cannot be run.
    if (error instanceof Failure) throw error;
    if (error instanceof NotApplicable) return notApplicable(error.message);
    return failed(requirement.title, messageOf(error));
  });
  const inTime = await Promise.race([within(limitMs, verdict), aborted]);
  if (inTime?.status !== "passed" && inTime?.status !== "not applicable") await context.settle();
  await context.endOwn();
  return soften(inTime ?? failed(requirement.title, `no verdict within ${limitMs} ms`), requirement, strict);
}

/** A recommendation that is not met counts only when the check is strict. */
function soften(verdict: Verdict, { level }: Requirement, strict: boolean): Verdict {
  if (verdict.status !== "failed" || level !== "recommended" || strict) return verdict;
  return notApplicable(`recommended only; expected ${verdict.expected}, seen ${verdict.seen}`);
}
