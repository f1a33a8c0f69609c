import { basicCredentials, formsOfSecret } from "../secrets/forms-of-secret.js";
import type { Redactor } from "../secrets/redact-value.js";
import type { Secrets } from "./settings/http-settings.js";

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
