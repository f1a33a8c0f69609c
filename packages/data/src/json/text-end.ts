/**
 * Where a JSON text ends that begins with the quote at `start`: behind its closing quote, or at the end of `json` where it
 * has none. A loop, since a pattern for it overflows the stack of some engines on long texts.
 */
export function textEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) {
      return at + 1;
    }
    at += char === BACKSLASH ? 2 : 1;
  }
  return json.length;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
