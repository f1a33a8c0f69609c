import { dropBlanks, LOWER_CASE, MINUS, PLUS, POINT, skipBlanks } from "../ascii.js";
import { type Instant, parseTime } from "../time-text.js";
import { BOOLEAN, NAN, TEXT, TIME } from "./kinds.js";
import { numberKind } from "./number.js";

const ignored: Instant = { seconds: 0, nanoseconds: 0 };

/** The kind of the cell with the text `start..end`, which is not empty. Spaces and tabs around it do not count. */
export function kindOf(bytes: Uint8Array, start: number, end: number): number {
  const from = skipBlanks(bytes, start, end);
  const to = dropBlanks(bytes, from, end);
  const first = bytes[from] ?? 0;
  if (first <= 0x39) {
    if (first >= 0x30 || first === MINUS || first === POINT || first === PLUS) {
      if (parseTime(bytes, from, to, ignored)) return TIME;
      return numberKind(bytes, from, to);
    }
    return TEXT;
  }
  if (isTrue(bytes, from, to) || isFalse(bytes, from, to)) return BOOLEAN;
  if (isNaNText(bytes, from, to)) return NAN;
  return parseTime(bytes, from, to, ignored) ? TIME : TEXT;
}

/** Whether `start..end` is the word true, in letters of either case. */
export function isTrue(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 4 &&
    lower(bytes, start) === 0x74 &&
    lower(bytes, start + 1) === 0x72 &&
    lower(bytes, start + 2) === 0x75 &&
    lower(bytes, start + 3) === 0x65
  );
}

function isFalse(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 5 &&
    lower(bytes, start) === 0x66 &&
    lower(bytes, start + 1) === 0x61 &&
    lower(bytes, start + 2) === 0x6c &&
    lower(bytes, start + 3) === 0x73 &&
    lower(bytes, start + 4) === 0x65
  );
}

/** Whether `start..end` is the word NaN, spelled so. */
export function isNaNText(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 3 && bytes[start] === 0x4e && bytes[start + 1] === 0x61 && bytes[start + 2] === 0x4e;
}

function lower(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | LOWER_CASE;
}
