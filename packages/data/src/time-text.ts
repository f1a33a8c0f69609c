import { COLON, COMMA, LOWER_CASE, MINUS, PLUS, POINT, SLASH, SPACE, ZERO } from "./ascii.js";
import { fitsNanoseconds } from "./int64.js";

/** A moment, in two numbers that are exact. */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z, rounded down. */
  seconds: number;
  /** Nanoseconds above them: 0 to 999,999,999. */
  nanoseconds: number;
}

/**
 * Reads the bytes `start..end` as a moment into `into`; false where they are none. Accepted are
 *
 * - ISO 8601 dates with a time of day or without: `2024-05-31`, `2024-05-31T14:30`, `2024-05-31 14:30:05.123456789`,
 *   each time with `Z` or an offset (`+02:00`, `+0200`, `+02`) or without one, which is UTC. `2024/05/31` is the same;
 * - dates with the month's name: `May 31 2024` and `May 31, 2024`.
 *
 * The day must exist in the calendar and the moment in 64-bit nanoseconds, that is from 1677-09-21 to 2262-04-11. A leap
 * second (`:60`), an hour `24` and a fraction of more than nine digits are not accepted: none can be held exactly.
 *
 * Formats: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function parseTime(bytes: Uint8Array, start: number, end: number, into: Instant): boolean {
  if (end - start < 10) return false;
  const first = bytes[start] ?? 0;
  return first >= 0x41 ? parseNamedMonth(bytes, start, end, into) : parseIso(bytes, start, end, into);
}

/** More characters than any text that {@link parseTime} accepts. */
const LONGEST = 40;

const scratch = new Uint8Array(LONGEST);

/** As {@link parseTime}, of a text. */
export function parseTimeText(text: string, into: Instant): boolean {
  const { length } = text;
  if (length > LONGEST) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    scratch[i] = code;
  }
  return parseTime(scratch, 0, length, into);
}

/** Whether the bytes `start..end`, which {@link parseTime} accepts, are a date, a `T`, and a time of day with an offset or `Z`. */
export function isDateTimeWithOffset(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 17 || ((bytes[start + 10] ?? 0) | LOWER_CASE) !== 0x74 || bytes[start + 4] !== MINUS) return false;
  return ((bytes[end - 1] ?? 0) | LOWER_CASE) === 0x7a || [3, 5, 6].some((back) => isSign(bytes[end - back]));
}

function isSign(byte: number | undefined): boolean {
  return byte === PLUS || byte === MINUS;
}

function parseIso(bytes: Uint8Array, start: number, end: number, into: Instant): boolean {
  const separator = bytes[start + 4];
  if ((separator !== MINUS && separator !== SLASH) || bytes[start + 7] !== separator) return false;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const days = daysFromCivil(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8));
  if (days === NO_DAY) return false;
  if (end - start === 10) return finish(days * 86_400, 0, into);

  let at = start + 16;
  const between = bytes[start + 10] ?? 0;
  if ((between !== SPACE && (between | LOWER_CASE) !== 0x74) || end < at || bytes[start + 13] !== COLON) return false;
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  let second = 0;
  let nanoseconds = 0;
  if (bytes[at] === COLON && at + 3 <= end) {
    second = twoDigits(bytes, at + 1);
    at += 3;
    if (bytes[at] === POINT && at < end) {
      const fraction = at + 1;
      for (at = fraction; at < end; at++) {
        const digit = (bytes[at] ?? 0) - ZERO;
        if (digit < 0 || digit > 9) break;
        nanoseconds = nanoseconds * 10 + digit;
      }
      if (at === fraction || at - fraction > 9) return false;
      for (let digits = at - fraction; digits < 9; digits++) nanoseconds *= 10;
    }
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  const offset = at === end ? 0 : parseOffset(bytes, at, end);
  if (offset === NO_OFFSET) return false;
  return finish(days * 86_400 + hour * 3600 + minute * 60 + second - offset, nanoseconds, into);
}

/** What `parseOffset` returns where there is no offset. */
const NO_OFFSET = -1_000_000;

/** Seconds east of UTC, or `NO_OFFSET`. */
function parseOffset(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start] ?? 0;
  const length = end - start;
  if ((sign | LOWER_CASE) === 0x7a) return length === 1 ? 0 : NO_OFFSET;
  if (sign !== PLUS && sign !== MINUS) return NO_OFFSET;
  let minutes = 0;
  if (length === 6 && bytes[start + 3] === COLON) minutes = twoDigits(bytes, start + 4);
  else if (length === 5) minutes = twoDigits(bytes, start + 3);
  else if (length !== 3) return NO_OFFSET;
  const hours = twoDigits(bytes, start + 1);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NO_OFFSET;
  const seconds = hours * 3600 + minutes * 60;
  return sign === MINUS ? -seconds : seconds;
}

/** The months by the three letters of their names, in lower case, as one number. */
const MONTHS = new Map(
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map((name, index) => [
    letters(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)),
    index + 1,
  ]),
);

function parseNamedMonth(bytes: Uint8Array, start: number, end: number, into: Instant): boolean {
  const month = MONTHS.get(letters(bytes[start] ?? 0, bytes[start + 1] ?? 0, bytes[start + 2] ?? 0));
  if (month === undefined || bytes[start + 3] !== SPACE) return false;
  const dayDigits = bytes[start + 5] === SPACE || bytes[start + 5] === COMMA ? 1 : 2;
  const day = dayDigits === 1 ? twoDigitsOf(ZERO, bytes[start + 4] ?? 0) : twoDigits(bytes, start + 4);
  const comma = bytes[start + 4 + dayDigits] === COMMA ? 1 : 0;
  const year = start + 5 + dayDigits + comma;
  if (bytes[year - 1] !== SPACE || end !== year + 4) return false;
  const days = daysFromCivil(twoDigits(bytes, year) * 100 + twoDigits(bytes, year + 2), month, day);
  return days !== NO_DAY && finish(days * 86_400, 0, into);
}

function letters(first: number, second: number, third: number): number {
  return ((first | LOWER_CASE) << 16) | ((second | LOWER_CASE) << 8) | (third | LOWER_CASE);
}

/** False where the nanoseconds since the epoch do not fit a signed 64-bit integer. */
function finish(seconds: number, nanoseconds: number, into: Instant): boolean {
  into.seconds = seconds;
  into.nanoseconds = nanoseconds;
  return fitsNanoseconds(seconds, nanoseconds);
}

/** What `twoDigits` returns for other bytes: so far below zero that no sum with it is a year, month or day. */
const NO_DIGITS = -1_000_000;

/** The number that two decimal digits are, or `NO_DIGITS`. */
function twoDigits(bytes: Uint8Array, at: number): number {
  return twoDigitsOf(bytes[at] ?? 0, bytes[at + 1] ?? 0);
}

function twoDigitsOf(first: number, second: number): number {
  const tens = first - ZERO;
  const ones = second - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_DIGITS;
}

const DAYS_BEFORE_MONTH = Int32Array.of(0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365);

/** What `daysFromCivil` returns where there is no such day. */
const NO_DAY = -1_000_000;

/** Days from 1970-01-01 to a day of the Gregorian calendar from the year 1 on, or `NO_DAY`. */
function daysFromCivil(year: number, month: number, day: number): number {
  if (year < 1 || month < 1 || month > 12 || day < 1) return NO_DAY;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const before = DAYS_BEFORE_MONTH[month - 1] ?? 0;
  if (day > (DAYS_BEFORE_MONTH[month] ?? 0) - before + (month === 2 ? leap : 0)) return NO_DAY;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  // 719,162 days lie between 0001-01-01 and 1970-01-01.
  return past * 365 + leapDays + before + (month > 2 ? leap : 0) + day - 1 - 719_162;
}
