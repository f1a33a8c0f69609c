import type { StandardSchemaV1 } from "@standard-schema/spec";
import { DownstreamError } from "../errors.js";
import { urlForMessage } from "./url/url-for-message.js";

/**
 * Reads a response as JSON and checks it where there is a schema.
 *
 * @returns the validator's output, or what was read
 * @throws DownstreamError (502) for what is not JSON, or does not fit; nothing of it is repeated but the fields' names
 */
export async function readJsonResponse(response: Response, schema: StandardSchemaV1 | undefined): Promise<unknown> {
  const text = await response.text();
  const fail = (problem: string): DownstreamError => {
    const where = URL.canParse(response.url) ? urlForMessage(new URL(response.url)) : "the server";
    return new DownstreamError(`the answer of ${where} ${problem}`, { status: 502 });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const type = response.headers.get("content-type") ?? "";
    throw fail(
      /\bhtml\b/i.test(type)
        ? "is a web page and not JSON; check the data source's URL"
        : `is not valid JSON${type === "" ? "" : ` (${type})`}`,
    );
  }
  if (schema === undefined) {
    return value;
  }
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) {
    return result.value;
  }
  const problems = result.issues.map(({ path = [], message }) => {
    const field = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return field === "" ? message : `${field}: ${message}`;
  });
  throw fail(`does not have the expected form: ${problems.slice(0, 5).join("; ")}`);
}
