/**
 * The texts in which a secret could turn up: as it is, within JSON, within a URL and in base64; of one with several lines, a key
 * for example, each long line too.
 */
export function formsOfSecret(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const lines = secret.includes("\n") ? secret.split(/\r?\n/).filter((line) => line.length >= 16) : [];
  const forms = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(bytes.toString())];
  // In base64, a short text is a part of many others.
  const base64 = secret.length < 4 ? [] : [bytes.toString("base64"), bytes.toString("base64url")];
  return [...new Set([secret, ...forms, ...base64, ...lines])];
}

/** What basic authentication makes of a user and a password: what stands behind `Basic` in a header. */
export function basicCredentials(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString("base64");
}
