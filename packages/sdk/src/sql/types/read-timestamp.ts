const ZERO = 0x30;
const COLON = 0x3a;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;

/** What the functions here return for what is no number. */
const NONE = -1;

/**
 * A date, or a date and a time of day, as databases write them: `2024-05-31`, `2024-05-31 14:30:05.123456`,
 * `2024-05-31T14:30:05Z`, `… +02`, `… +05:30`. Without a zone it is UTC.
 *
 * @returns milliseconds since 1970 as a `number`, or nanoseconds as a `bigint` where the milliseconds have a fraction;
 *   `undefined` for what is no moment, such as `infinity` or `0000-00-00`
 */
export function readTimestamp(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  const day = readDate(bytes, start, end);
  if (day === undefined) {
    return undefined;
  }
  const between = bytes[start + 10];
  if (end - start === 10) {
    return day;
  }
  // A space or a T, and a time of day that has its minutes at least.
  if ((between !== 0x20 && between !== 0x54) || bytes[start + 13] !== COLON) {
    return undefined;
  }
  const hour = twoDigits(bytes, start + 11, end);
  const minute = twoDigits(bytes, start + 14, end);
  let at = start + 16;
  let second = 0;
  let nanoseconds = 0;
  if (at < end && bytes[at] === COLON) {
    second = twoDigits(bytes, at + 1, end);
    at += 3;
    if (at < end && bytes[at] === POINT) {
      const fraction = at + 1;
      at = endOfDigits(bytes, fraction, end);
      nanoseconds = readFraction(bytes, fraction, at);
    }
  }
  const offset = readOffset(bytes, at, end);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || offset === undefined) {
    return undefined;
  }
  return moment(day + (hour * 3600 + minute * 60 + second - offset) * 1000, nanoseconds);
}

/** Milliseconds, or nanoseconds where these do not do. Databases have microseconds, which fit a `number` for all years but the last. */
function moment(ms: number, nanoseconds: number): number | bigint {
  if (nanoseconds % 1_000_000 === 0) {
    return ms + nanoseconds / 1_000_000;
  }
  const microseconds = ms * 1_000 + nanoseconds / 1_000;
  return nanoseconds % 1_000 === 0 && Number.isSafeInteger(microseconds)
    ? BigInt(microseconds) * 1_000n
    : BigInt(ms) * 1_000_000n + BigInt(nanoseconds);
}

/** Milliseconds from 1970 to the beginning of a day that the calendar has. */
function readDate(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) {
    return undefined;
  }
  const century = twoDigits(bytes, start, end);
  const yearOfCentury = twoDigits(bytes, start + 2, end);
  const month = twoDigits(bytes, start + 5, end);
  const day = twoDigits(bytes, start + 8, end);
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) {
    return undefined;
  }
  const year = century * 100 + yearOfCentury;
  return day > daysOf(year, month) ? undefined : daysFrom1970(year, month, day) * 86_400_000;
}

function daysOf(year: number, month: number): number {
  if (month === 2) {
    return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days to a date of the Gregorian calendar, counted in years that begin in March, so that a leap day is the last. */
function daysFrom1970(year: number, month: number, day: number): number {
  const shifted = month < 3 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month < 3 ? month + 9 : month - 3) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

/** Seconds east of UTC; 0 where there is no zone. */
function readOffset(bytes: Uint8Array, start: number, end: number): number | undefined {
  const at = start < end && bytes[start] === 0x20 ? start + 1 : start;
  const sign = bytes[at];
  if (at === end) {
    return at === start ? 0 : undefined;
  }
  if (sign === 0x5a) {
    return at + 1 === end ? 0 : undefined;
  }
  if (sign !== PLUS && sign !== MINUS) {
    return undefined;
  }
  let seconds = 0;
  let unit = 3600;
  for (let part = at + 1; ; part += 2) {
    const value = unit === 0 ? NONE : twoDigits(bytes, part, end);
    if (value < 0 || value > 59) {
      return undefined;
    }
    seconds += value * unit;
    unit = Math.floor(unit / 60);
    if (part + 2 === end) {
      return sign === MINUS ? -seconds : seconds;
    }
    if (bytes[part + 2] === COLON) {
      part++;
    }
  }
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] ?? 0)) {
    at++;
  }
  return at;
}

/** Nanoseconds of the digits behind the point. What is below them is dropped. */
function readFraction(bytes: Uint8Array, start: number, end: number): number {
  let nanoseconds = 0;
  for (let place = 0; place < 9; place++) {
    nanoseconds = nanoseconds * 10 + (start + place < end ? (bytes[start + place] ?? ZERO) - ZERO : 0);
  }
  return nanoseconds;
}

function twoDigits(bytes: Uint8Array, at: number, end: number): number {
  const tens = bytes[at] ?? 0;
  const ones = bytes[at + 1] ?? 0;
  return at + 2 <= end && isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : NONE;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
