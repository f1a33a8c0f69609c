/**
 * 64-bit integers as pairs of 32-bit halves. Arithmetic on a pair of numbers is exact and several times
 * faster than on `bigint`, which allocates. The low half comes first, as on every machine JavaScript runs on.
 */

const TWO_31 = 2 ** 31;
const TWO_32 = 0x1_0000_0000;
const NS_PER_MS = 1_000_000;

/** The smallest value of an int64. */
export const INT64_MIN = -(2n ** 63n);
/** The largest value of an int64. */
export const INT64_MAX = 2n ** 63n - 1n;

/** The largest value of a uint64. */
const UINT64_MAX = 2n ** 64n - 1n;

/** Whether `value` fits in an int64. */
export function fitsInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** Whether `value` fits in a uint64. */
export function fitsUint64(value: bigint): boolean {
  return value >= 0n && value <= UINT64_MAX;
}

/** The same memory as 32-bit halves: element `2 * i` is the low half of element `i`, `2 * i + 1` the high one. */
export function halvesOf(values: BigInt64Array | BigUint64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

/**
 * Whether a number holds element `index` exactly: from -2^53, or from 0 where it is unsigned, to 2^53 - 1. Halves of unsigned
 * integers beyond 2^63 look like those of negative ones.
 */
export function isSafeIntegerAt(halves: Int32Array, index: number, isSigned: boolean): boolean {
  const high = halves[index * 2 + 1] ?? 0;
  return high >= (isSigned ? -0x20_0000 : 0) && high < 0x20_0000;
}

/** Writes a whole number between -2^53 and 2^53 to element `index`. */
export function writeSafeInteger(halves: Int32Array, index: number, value: number): void {
  halves[index * 2] = value;
  halves[index * 2 + 1] = Math.floor(value / TWO_32);
}

/**
 * Writes `milliseconds` since 1970 as nanoseconds to element `index`. A fraction counts, to the nanosecond.
 * Returns false, and writes nothing, where the result is no int64 or the input is no finite number.
 */
export function writeMilliseconds(halves: Int32Array, index: number, milliseconds: number): boolean {
  const whole = Math.floor(milliseconds);
  const fraction = milliseconds === whole ? 0 : Math.round((milliseconds - whole) * NS_PER_MS);
  const upper = Math.floor(whole / TWO_32);
  const low = (whole - upper * TWO_32) * NS_PER_MS + fraction;
  const high = upper * NS_PER_MS + Math.floor(low / TWO_32);
  // Not written as two comparisons with <, so that NaN is refused too.
  if (!(high >= -0x8000_0000 && high <= 0x7fff_ffff)) {
    return false;
  }
  halves[index * 2] = low;
  halves[index * 2 + 1] = high;
  return true;
}

/**
 * Writes `billions * 10^9 + rest` to element `index` of 64-bit integers given as 32-bit halves, without making a BigInt.
 *
 * `billions` is a whole number and `rest` one in 0..999,999,999; the sum must fit 64 bits. The low half is exact, since it is counted
 * modulo 2^32; the sum as a `number` is rounded by 1,024 at most, and so tells the high half or the one beside it.
 */
export function writeBillions(halves: Int32Array, index: number, billions: number, rest: number): void {
  const low = (Math.imul(billions, 1_000_000_000) + rest) | 0;
  const sum = billions * 1e9 + rest;
  const high = Math.floor(sum / TWO_32);
  const off = sum - high * TWO_32 - (low >>> 0);
  halves[index * 2] = low;
  halves[index * 2 + 1] = off > TWO_31 ? high + 1 : off < -TWO_31 ? high - 1 : high;
}

/**
 * Whether `seconds` and `nanoseconds` since 1970 are an int64 of nanoseconds: from 1677-09-21T00:12:43.145224192Z to
 * 2262-04-11T23:47:16.854775807Z. `seconds` is a whole number and `nanoseconds` one in 0..999,999,999.
 */
export function fitsNanoseconds(seconds: number, nanoseconds: number): boolean {
  if (seconds > -9_223_372_037 && seconds < 9_223_372_036) {
    return true;
  }
  return (
    (seconds === 9_223_372_036 && nanoseconds <= 854_775_807) ||
    (seconds === -9_223_372_037 && nanoseconds >= 145_224_192)
  );
}

/** Whole milliseconds, rounded down, of the nanoseconds in element `index`. */
export function millisecondsAt(halves: Int32Array, index: number): number {
  const high = halves[index * 2 + 1] ?? 0;
  const upper = Math.floor(high / NS_PER_MS);
  const rest = (high - upper * NS_PER_MS) * TWO_32 + ((halves[index * 2] ?? 0) >>> 0);
  return upper * TWO_32 + Math.floor(rest / NS_PER_MS);
}

/** Nanoseconds, 0 to 999,999, by which element `index` is past its whole millisecond. */
export function nanosecondsPastMillisecondAt(halves: Int32Array, index: number): number {
  const high = halves[index * 2 + 1] ?? 0;
  const upper = Math.floor(high / NS_PER_MS);
  return ((high - upper * NS_PER_MS) * TWO_32 + ((halves[index * 2] ?? 0) >>> 0)) % NS_PER_MS;
}
