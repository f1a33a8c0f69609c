import { textOf } from "../errors/read-error.js";
import { basicCredentials, formsOfSecret } from "../secrets/forms-of-secret.js";
import type { Secrets } from "./settings/http-settings.js";

/** Takes secrets out of a text. */
export type Redactor = (text: string) => string;

/**
 * Makes a function that replaces every secret in a text by `[redacted]`, also where it is percent-encoded, in JSON, in
 * base64 or in the form of basic authentication. A secret of fewer than four characters is replaced where it stands as a word of
 * its own: "a" is no secret in "a database".
 *
 * @param secrets the data source's `secureJsonData`
 * @param users user names, for what basic authentication makes of one and a secret
 */
export function createRedactor(secrets: Secrets, users: readonly string[] = []): Redactor {
  const patterns = new Set<string>();
  for (const secret of Object.values(secrets)) {
    for (const form of formsOf(secret ?? "", users)) {
      patterns.add((secret ?? "").length < 4 ? `(?<![\\w])${escapePattern(form)}(?![\\w])` : escapePattern(form));
    }
  }
  if (patterns.size === 0) {
    return (text) => text;
  }
  // The longest first: a secret that contains another goes as a whole.
  const all = new RegExp([...patterns].sort((a, b) => b.length - a.length).join("|"), "g");
  return (text) => text.replace(all, "[redacted]");
}

/** How many causes of an error are looked at: one may be its own. */
const MAX_CAUSES = 8;

/** The error as it is where no secret is in its texts; else a copy of the same name and code without them. */
export function redactError(error: unknown, redact: Redactor, causes = MAX_CAUSES): unknown {
  if (!(error instanceof Error)) {
    return typeof error === "string" ? redact(error) : error;
  }
  const cause = error.cause === undefined || causes === 0 ? undefined : redactError(error.cause, redact, causes - 1);
  const message = redact(textOf(error, "message"));
  const stack = redact(textOf(error, "stack"));
  if (cause === error.cause && stack === textOf(error, "stack") && message === textOf(error, "message")) {
    return error;
  }
  const copy = new Error(message, { cause });
  const code: unknown = Reflect.get(error, "code");
  Object.defineProperty(copy, "stack", { value: stack, configurable: true, writable: true });
  return Object.assign(copy, { name: textOf(error, "name") }, typeof code === "string" ? { code } : {});
}

function formsOf(secret: string, users: readonly string[]): string[] {
  if (secret === "") {
    return [];
  }
  const credentials = secret.length < 4 ? [] : users.map((user) => basicCredentials(user, secret));
  return [...formsOfSecret(secret), ...credentials];
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
