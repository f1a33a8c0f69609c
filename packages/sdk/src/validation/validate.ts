import type { StandardSchemaV1 } from "@standard-schema/spec";
import { DownstreamError } from "../errors.js";

/**
 * Checks a value against a Standard Schema validator (zod, valibot, arktype, …).
 *
 * @param subject what the value is, as the error should call it: `settings`, `query`
 * @returns the validator's output: defaults filled in, values transformed
 * @throws DownstreamError with status 400 that names every field that does not fit
 */
export async function validate<S extends StandardSchemaV1>(
  schema: S,
  value: unknown,
  subject: string,
): Promise<StandardSchemaV1.InferOutput<S>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) {
    return result.value;
  }
  const problems = result.issues.map((issue) => `${[subject, ...pathOf(issue)].join(".")}: ${issue.message}`);
  throw new DownstreamError(problems.join("; "), { status: 400 });
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
