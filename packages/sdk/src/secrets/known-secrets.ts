import { formsOfSecret } from "./forms-of-secret.js";
import { redactValue } from "./redact-value.js";

/** Shorter values are not looked for: they would tear holes into every text. */
const MIN_LENGTH = 4;

/** How many secrets are known at most: those that a call came with last. */
const MAX_KNOWN = 1_000;

/** What stands in a secret's place. */
const REDACTED = "[redacted]";

/** Each secret, with the forms in which it could turn up in a text. */
const known = new Map<string, readonly string[]>();

/** All forms of all secrets, the longest first, so that a secret within another leaves nothing of it. */
let forms: readonly string[] = [];

/**
 * Keeps values out of every log line and every error that leaves the process from now on. Those shorter than 4 characters are
 * not kept out; of more than 1,000 only those are that were given last.
 */
export function rememberSecrets(secrets: Iterable<string>): void {
  let added = false;
  for (const secret of secrets) {
    if (secret.length < MIN_LENGTH) {
      continue;
    }
    const ofSecret = known.get(secret);
    added ||= ofSecret === undefined;
    // Taken out first, so that one still in use counts among the newest.
    known.delete(secret);
    known.set(secret, ofSecret ?? formsOfSecret(secret));
  }
  if (!added) {
    return;
  }
  for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MAX_KNOWN))) {
    known.delete(oldest);
  }
  forms = [...new Set([...known.values()].flat())].sort((a, b) => b.length - a.length);
}

/** The text without secrets. */
export function redact(text: string): string {
  let redacted = text;
  for (const form of forms) {
    if (redacted.includes(form)) {
      redacted = redacted.replaceAll(form, REDACTED);
    }
  }
  return redacted;
}

/** A log field's value without secrets; where there is nothing to be kept out, the value itself. */
export function withoutKnownSecrets(value: unknown): unknown {
  return forms.length === 0 ? value : redactValue(value, redact);
}
