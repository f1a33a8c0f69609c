import { ArrowError } from "./arrow-error.js";

/**
 * A checksum of a whole Arrow file, in the footer's metadata, where readers that do not know it pass over it. Arrow has
 * none of its own. It finds any change within 16 bytes for certain, and any other but for one in 2^32; it is no protection
 * against someone who means harm.
 */

const KEY = "framewright.checksum";

/** Hexadecimal digits of a checksum: 32 for the four lanes of 32 bits. */
const DIGITS = 32;

const ZEROS = "0".repeat(DIGITS);

/** What stands in the footer until the checksum is known. While it is computed, too, the digits count as zeros. */
export const CHECKSUM_PLACEHOLDER: readonly [key: string, value: string] = [KEY, ZEROS];

/** Puts the checksum in the place of {@link CHECKSUM_PLACEHOLDER}, which stands behind byte `from` of the file. */
export function writeChecksum(file: Uint8Array, from: number): void {
  writeDigits(file, findDigits(file, from, ZEROS), checksumOf(file));
}

/**
 * Checks the file against the checksum in its footer's metadata, if it has one.
 * @throws {ArrowError} if they differ
 */
export function verifyChecksum(file: Uint8Array, metadata: ReadonlyMap<string, string>): void {
  const expected = metadata.get(KEY);
  if (expected === undefined) {
    return;
  }
  const at = findDigits(file, 0, expected);
  const bare = file.slice();
  if (at >= 0) {
    writeDigits(bare, at, ZEROS);
  }
  if (checksumOf(bare) !== expected) {
    throw new ArrowError("the Arrow file is damaged: its checksum does not fit its content");
  }
}

/** The last place of the digits, which can only be the footer's, since it is the last thing in a file. */
function findDigits(file: Uint8Array, from: number, digits: string): number {
  for (let at = file.length - digits.length; at >= from; at--) {
    let same = 0;
    while (same < digits.length && file[at + same] === digits.charCodeAt(same)) {
      same++;
    }
    if (same === digits.length) {
      return at;
    }
  }
  return -1;
}

function writeDigits(file: Uint8Array, at: number, digits: string): void {
  for (let i = 0; i < digits.length; i++) {
    file[at + i] = digits.charCodeAt(i);
  }
}

/** The prime of the hash FNV-1a. Multiplying by an odd number loses nothing, so no changed word can go unnoticed. */
const PRIME = 0x0100_0193;

/** Four lanes of FNV-1a over 32-bit words, since one lane would wait for each multiplication. */
function checksumOf(file: Uint8Array): string {
  const aligned = file.byteOffset % 4 === 0 ? file : new Uint8Array(file);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
  const whole = words.length - (words.length % 4);
  let a = 1;
  let b = 2;
  let c = 3;
  let d = file.length;
  for (let i = 0; i < whole; i += 4) {
    a = Math.imul(a ^ (words[i] ?? 0), PRIME);
    b = Math.imul(b ^ (words[i + 1] ?? 0), PRIME);
    c = Math.imul(c ^ (words[i + 2] ?? 0), PRIME);
    d = Math.imul(d ^ (words[i + 3] ?? 0), PRIME);
  }
  for (let at = whole * 4; at < file.length; at++) {
    a = Math.imul(a ^ (file[at] ?? 0), PRIME);
  }
  return [a, b, c, d].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}
