import { FrameError } from "../../frame-error.js";

/** A place in a JSON text. Each function reads what stands there and moves on behind it. */
export interface Cursor {
  readonly text: string;
  /** At which character of the whole the text begins, for errors. */
  readonly start: number;
  at: number;
}

/** The next character that is no space, which stays to be read; `""` at the end. */
export function peek(cursor: Cursor): string {
  const { text } = cursor;
  while (isSpace(text.charCodeAt(cursor.at))) {
    cursor.at++;
  }
  return text.charAt(cursor.at);
}

/** Reads one character, which must be `char`. */
export function expect(cursor: Cursor, char: string): void {
  if (peek(cursor) !== char) {
    throw unexpected(cursor, `"${char}"`);
  }
  cursor.at++;
}

/** Reads one character where it is `char`, and says whether it was. */
export function accept(cursor: Cursor, char: string): boolean {
  if (peek(cursor) !== char) {
    return false;
  }
  cursor.at++;
  return true;
}

/** Reads `null` where it stands there, and says whether it did. */
export function acceptNull(cursor: Cursor): boolean {
  if (peek(cursor) !== "n") {
    return false;
  }
  readWord(cursor, "null");
  return true;
}

/** Reads `true` or `false`. */
export function readBoolean(cursor: Cursor): boolean {
  const isTrue = peek(cursor) === "t";
  readWord(cursor, isTrue ? "true" : "false");
  return isTrue;
}

/** Reads a text in quotes. */
export function readText(cursor: Cursor): string {
  const { text } = cursor;
  if (peek(cursor) !== '"') {
    throw unexpected(cursor, "a text in quotes");
  }
  const start = cursor.at;
  const plain = skipText(cursor);
  if (plain) {
    return text.slice(start + 1, cursor.at - 1);
  }
  return parsed(text.slice(start, cursor.at), cursor.start + start);
}

/** Reads a number, which is given back as it is written. */
export function readNumber(cursor: Cursor): string {
  peek(cursor);
  const { text, at } = cursor;
  let end = at;
  while (isOfNumber(text.charCodeAt(end))) {
    end++;
  }
  const token = text.slice(at, end);
  if (!numberPattern.test(token)) {
    throw unexpected(cursor, "a number");
  }
  cursor.at = end;
  return token;
}

const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether a character can be part of a number: a digit, or one of `+-.eE`. */
function isOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e || code === 0x2b || (code | 0x20) === 0x65;
}

/**
 * Reads a value of any kind, which is given back as it is written. Of what is within it only texts and brackets are
 * looked at.
 */
export function readValue(cursor: Cursor): string {
  const { text } = cursor;
  const first = peek(cursor);
  const start = cursor.at;
  if (first === '"') {
    skipText(cursor);
  } else if (first === "{" || first === "[") {
    skipBrackets(cursor);
  } else {
    wordPattern.lastIndex = start;
    cursor.at += wordPattern.exec(text)?.[0].length ?? 0;
  }
  if (cursor.at === start) {
    throw unexpected(cursor, "a value");
  }
  return text.slice(start, cursor.at);
}

const wordPattern = /[-+.\w]+/y;

/** Reads a list, in which `read` reads one element. */
export function eachElement(cursor: Cursor, read: () => void): void {
  expect(cursor, "[");
  if (accept(cursor, "]")) {
    return;
  }
  do {
    read();
  } while (accept(cursor, ","));
  expect(cursor, "]");
}

/** Parses a piece of JSON that begins at character `start` of the whole. */
export function parsed<T = unknown>(json: string, start: number, parse: (json: string) => T = JSON.parse): T {
  try {
    return parse(json);
  } catch {
    // What the parser says quotes its input, and so would an error that repeats it.
    throw new FrameError(`the JSON is damaged: what begins at character ${start} is not valid`);
  }
}

/** The error for what does not stand at the cursor. */
export function unexpected(cursor: Cursor, expected: string): FrameError {
  const found = peek(cursor);
  const what = found === "" ? "the end" : JSON.stringify(found);
  return new FrameError(
    `the JSON is damaged: ${what} at character ${cursor.start + cursor.at} where ${expected} should be`,
  );
}

function readWord(cursor: Cursor, word: string): void {
  if (!cursor.text.startsWith(word, cursor.at)) {
    throw unexpected(cursor, word);
  }
  cursor.at += word.length;
}

/** Moves behind the closing quote, and says whether the text stands there without any escape. */
function skipText(cursor: Cursor): boolean {
  const { text } = cursor;
  const start = cursor.at;
  let plain = true;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      cursor.at = at + 1;
      return plain;
    }
    if (code === BACKSLASH) {
      plain = false;
      at++;
    } else if (code < SPACE) {
      throw new FrameError(
        `the JSON is damaged: a control character within the text at character ${cursor.start + start}`,
      );
    }
  }
  throw new FrameError(`the JSON is cut off within the text that begins at character ${cursor.start + start}`);
}

function skipBrackets(cursor: Cursor): void {
  const { text } = cursor;
  const start = cursor.at;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > QUOTE && code < OPENING_BRACKET) {
      // Numbers and commas, which most is.
      continue;
    }
    if (code === QUOTE) {
      cursor.at = at;
      skipText(cursor);
      at = cursor.at - 1;
    } else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      depth++;
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) {
      depth--;
      if (depth === 0) {
        cursor.at = at + 1;
        return;
      }
    }
  }
  throw new FrameError(`the JSON is cut off: the bracket at character ${cursor.start + start} is never closed`);
}

const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

function isSpace(code: number): boolean {
  return code === SPACE || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c);
}
