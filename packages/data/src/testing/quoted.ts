/** What a reader of a text cannot see, but for what joins letters and emoji. */
const invisible = /(?![ \u200c\u200d])[\p{Control}\p{Format}\p{Separator}]/gu;

/** A text in quotes, as JSON, in which all that cannot be seen is an escape: line breaks, control characters, odd spaces. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(invisible, escaped);
}

/** The text that stands in quotes; `undefined` where `json` is something else. */
export function unquoted(json: string): string | undefined {
  return json.startsWith('"') && isJson(json) ? String(JSON.parse(json)) : undefined;
}

/** Whether a text is a JSON document. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether all of a text can be seen. */
export function isVisible(text: string): boolean {
  return text.search(invisible) === -1;
}

/** A text with escapes for all but ASCII. */
export function escapeBeyondAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, escaped);
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`).join(
    "",
  );
}

/** A value that comes from JSON, on one line for a person to read. */
export function readableJson(value: unknown): string {
  if (typeof value === "string") {
    return quoted(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(readableJson).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${quoted(key)}: ${readableJson(member)}`);
    return `{${members.join(", ")}}`;
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
