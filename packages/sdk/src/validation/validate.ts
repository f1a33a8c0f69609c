import type { StandardSchemaV1 } from "@standard-schema/spec";
import { DownstreamError } from "../errors.js";

/** How many fields that do not fit are named. */
const MAX_NAMED = 20;

/** How much is said of each, in UTF-16 units: some validators repeat the value, however long it is. */
const MAX_PROBLEM = 300;

/**
 * Checks a value against a Standard Schema validator (zod, valibot, arktype, …).
 *
 * @param schema anything fits where there is none
 * @param subject what the value is, as the error should call it: `settings`, `query`
 * @returns the validator's output: defaults filled in, values transformed
 * @throws DownstreamError with status 400 that names the fields that do not fit, 20 at most
 */
export async function validate<S extends StandardSchemaV1>(
  schema: S | undefined,
  value: unknown,
  subject: string,
): Promise<StandardSchemaV1.InferOutput<S>> {
  if (schema === undefined) {
    // The type of a value without a schema is unknown, or what it is anyway.
    return value as StandardSchemaV1.InferOutput<S>;
  }
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) {
    return result.value;
  }
  const problems = result.issues.slice(0, MAX_NAMED).map((issue) => describeIssue(issue, subject));
  const more = result.issues.length - problems.length;
  throw new DownstreamError(problems.concat(more > 0 ? `and ${more} more` : []).join("; "), { status: 400 });
}

function describeIssue(issue: StandardSchemaV1.Issue, subject: string): string {
  const problem = `${[subject, ...pathOf(issue)].join(".")}: ${issue.message}`;
  return problem.length <= MAX_PROBLEM ? problem : `${problem.slice(0, MAX_PROBLEM)}…`;
}

function pathOf(issue: StandardSchemaV1.Issue): string[] {
  return (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment));
}

/**
 * Reads JSON text as it came over the wire. No text at all reads as an empty object, since Grafana sends none where
 * nothing was ever saved.
 *
 * @throws DownstreamError with status 400; the text itself is not repeated in it
 */
export function parseJson(bytes: Uint8Array, subject: string): unknown {
  if (bytes.length === 0) {
    return {};
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's own words quote the text, and settings may hold what is nobody's business: not in a log either.
    throw new DownstreamError(`${subject}: is not valid JSON`, { status: 400 });
  }
}
