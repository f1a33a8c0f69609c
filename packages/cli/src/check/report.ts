import type { CheckResult } from "./run-check.js";

/** How many requirements came out how. */
export interface CheckSummary {
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
}

/** Counts results. */
export function summarize(results: readonly CheckResult[]): CheckSummary {
  const count = (status: string): number => results.filter(({ verdict }) => verdict.status === status).length;
  return { passed: count("passed"), failed: count("failed"), notApplicable: count("not applicable") };
}

/** Writes text in a colour: `32` green, `31` red, `2` faint, `1` bold. */
type Paint = (code: number, text: string) => string;

/** The report as people read it. */
export function reportText(executable: string, results: readonly CheckResult[], color: boolean): string {
  const paint: Paint = (code, text) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  const lines = [`${paint(1, executable)}`];
  let group = "";
  for (const result of results) {
    if (result.group !== group) lines.push("", paint(1, result.group));
    group = result.group;
    lines.push(...resultLines(result, paint));
  }
  const { passed, failed, notApplicable } = summarize(results);
  const sum = `${passed} passed, ${failed} failed, ${notApplicable} not applicable`;
  lines.push("", paint(failed === 0 ? 32 : 31, sum));
  return lines.join("\n");
}

function resultLines({ requirement: { id, title, source }, verdict }: CheckResult, paint: Paint): string[] {
  const head = (mark: string): string => `  ${mark} ${id.padEnd(3)} ${title}`;
  const more = (name: string, text: string): string =>
    `        ${name.padEnd(9)}${text.replaceAll("\n", `\n${" ".repeat(17)}`)}`;
  switch (verdict.status) {
    case "passed":
      return [head(paint(32, "✓"))];
    case "failed":
      return [
        head(paint(31, "✗")),
        more("expected", verdict.expected),
        paint(31, more("seen", verdict.seen)),
        more("source", source),
      ];
    case "not applicable":
      return [paint(2, head("–")), paint(2, more("", verdict.why).replace(/ {9}/, ""))];
  }
}

/** The report for programs. */
export function reportJson(executable: string, results: readonly CheckResult[]): string {
  const requirements = results.map(({ group, requirement, verdict, ms }) => ({
    id: requirement.id,
    group,
    title: requirement.title,
    level: requirement.level ?? "required",
    source: requirement.source,
    ...verdict,
    ms: Math.round(ms),
  }));
  return JSON.stringify({ executable, summary: summarize(results), requirements }, undefined, 2);
}
