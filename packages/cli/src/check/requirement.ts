import type { CheckContext } from "./check-context.js";
import type { Verdict } from "./verdict.js";

/** Something that a host may rely on in every backend plugin. */
export interface Requirement {
  /** Never given to another requirement: a letter for the group and a number. */
  readonly id: string;
  /** What the plugin does, in one sentence. */
  readonly title: string;
  /** Where it is written, or the code that relies on it. */
  readonly source: string;
  /**
   * `recommended` is what go-plugin does not demand of a plugin. Not meeting it is no failure unless asked for by `--strict`.
   * `required` unless given.
   */
  readonly level?: "required" | "recommended";
  /** Ids of requirements without which this one cannot be looked at. */
  readonly needs?: readonly string[];
  /** How long it may take, in ms; 10,000 unless given. */
  readonly limitMs?: number;
  /** Looks. What it throws is a failure that says so, except {@link NotApplicable}. */
  run(context: CheckContext): Promise<Verdict>;
}

/** Requirements that belong together. */
export interface RequirementGroup {
  readonly name: string;
  readonly requirements: readonly Requirement[];
}
