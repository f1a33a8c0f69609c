import { shortFloat32 } from "../float32.js";

/*
 * JSON as Go's encoding/json writes it, so that what a plugin sends is the same to the letter whichever SDK made it.
 * https://pkg.go.dev/encoding/json#Marshal
 */

import { textEnd } from "./text-end.js";

/** Characters that Go escapes in any text, so that it is safe within HTML. */
const unsafe = /[<>&\u2028\u2029]/g;

/** How a text is written: {@link goText}, or {@link goBareText} where Go does so. */
export type WriteText = (text: string) => string;

/** A text of characters that stand for themselves in either way to write it, which most are. */
const plain = /^[ !#-%'-;=?-[\]-~]*$/;

/** A text. */
export function goText(text: string): string {
  return plain.test(text) ? `"${text}"` : asGo(JSON.stringify(text));
}

/** A text whose characters are not made safe within HTML. */
export function goBareText(text: string): string {
  return withoutShortForms(JSON.stringify(text));
}

/** A list of texts and nulls, written at once, which is much faster than one by one. */
export function goTexts(texts: readonly (string | null)[]): string {
  return asGo(JSON.stringify(texts));
}

/** JSON that JavaScript wrote of texts, with the escapes that Go has. */
function asGo(json: string): string {
  return withoutShortForms(json).replace(unsafe, escaped);
}

/** Go has no short forms for two escapes. A pair is looked at as a whole, so that "\\\\b" is left alone. */
function withoutShortForms(json: string): string {
  return json.replace(/\\./g, (pair) => (pair === "\\b" ? "\\u0008" : pair === "\\f" ? "\\u000c" : pair));
}

/** A JSON document as Go embeds it in another: without the space between its parts, and safe within HTML. */
export function goDocument(document: string): string {
  let compact = "";
  let from = 0;
  let at = 0;
  while (at < document.length) {
    const char = document.charCodeAt(at);
    if (char === QUOTE) {
      at = textEnd(document, at);
    } else if (isSpace(char)) {
      compact += document.slice(from, at);
      at++;
      from = at;
    } else {
      at++;
    }
  }
  // Outside of texts, JSON has none of the characters that are unsafe.
  return (compact + document.slice(from)).replace(unsafe, escaped);
}

const QUOTE = 0x22;

function isSpace(char: number): boolean {
  return char === 0x20 || char === 0x09 || char === 0x0a || char === 0x0d;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A finite number; NaN and the infinities become `null`. Go and JavaScript switch to exponents at the same places, but
 * the SDK writes exponents of at least two digits.
 */
export function goNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return "null";
  }
  if (Object.is(value, -0)) {
    return "-0";
  }
  const text = String(value);
  return text.includes("e-") ? text.replace(/-(\d)$/, "-0$1") : text;
}

/** A list of numbers but for -0, and nulls, written at once. NaN and the infinities become `null`. */
export function goNumbers(numbers: readonly (number | null)[]): string {
  const json = JSON.stringify(numbers);
  return json.includes("e-") ? json.replace(/e-(\d)(?!\d)/g, "e-0$1") : json;
}

/** A finite float32 with as many digits as tell it from other float32; NaN and the infinities become `null`. */
export function goFloat32(value: number): string {
  return goNumber(shortFloat32(value));
}

/**
 * A number as Go's `%v` writes it, by which the SDK writes limits: with an exponent below 0.0001 and from 1,000,000 on.
 * NaN and the infinities become `null`.
 */
export function goVerbatim(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0 || (size >= 1e-4 && size < 1e6)) {
    return goNumber(value);
  }
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, "0")}`;
}

/** An object with the members given, in this order. */
export function goObject(
  members: readonly (readonly [key: string, json: string | undefined])[],
  writeKey: WriteText = goText,
): string {
  const present = members.filter(([, json]) => json !== undefined);
  return `{${present.map(([key, json]) => `${writeKey(key)}:${json}`).join(",")}}`;
}

/** An object with the members given in the order of their keys, as Go writes a map. */
export function goMap(
  members: readonly (readonly [key: string, json: string])[],
  writeKey: WriteText = goText,
): string {
  return goObject(
    [...members].sort(([a], [b]) => compareTexts(a, b)),
    writeKey,
  );
}

/** Anything that JSON can hold, the members of objects in the order of their keys. */
export function goValue(value: unknown): string {
  // What a value is to JSON, `toJSON` and all, only JSON itself knows.
  const text = JSON.stringify(value, keepMinusZero);
  return text === undefined ? "null" : plainValue(JSON.parse(text));
}

/** What `JSON.stringify` would write as 0 goes as {@link MINUS_ZERO}, a text without {@link TEXT}, which all other texts then begin with. */
function keepMinusZero(_: string, value: unknown): unknown {
  // An object of a text or a number is one to JSON.
  const plain = value instanceof String || value instanceof Number ? value.valueOf() : value;
  return typeof plain === "string" ? TEXT + plain : Object.is(plain, -0) ? MINUS_ZERO : plain;
}

const TEXT = "=";
const MINUS_ZERO = "-0";

function plainValue(value: unknown): string {
  if (typeof value === "string") {
    return value === MINUS_ZERO ? value : goText(value.slice(TEXT.length));
  }
  if (Array.isArray(value)) {
    return `[${value.map(plainValue).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    return goMap(Object.entries(value).map(([key, member]) => [key, plainValue(member)]));
  }
  return typeof value === "number" ? goNumber(value) : String(value);
}

/** The order of two texts by their code points, which is that of their bytes in UTF-8, and so Go's. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for code points above all others, but are no greater than U+E000 to U+FFFF as UTF-16 units.
      return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
    }
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}
