import { ArrowError } from "./arrow-error.js";

/**
 * A checksum of a whole Arrow file, in the footer's metadata, where readers that do not know it pass over it. Arrow has
 * none of its own. It finds any change within 13 bytes for certain, and any other but for one in 2^32; it is no protection
 * against someone who means harm.
 */

const KEY = "framewright.checksum";

/** Hexadecimal digits of a checksum: 32 for the four lanes of 32 bits. */
const DIGITS = 32;

const ZEROS = "0".repeat(DIGITS);

/**
 * What stands as the first metadata of the footer until the checksum is known. While it is computed, too, the digits count as
 * zeros.
 */
export const CHECKSUM_PLACEHOLDER: readonly [key: string, value: string] = [KEY, ZEROS];

/**
 * How the end of a footer with a checksum looks, behind which only its length and the magic word follow: the digits and the
 * key as FlatBuffers writes texts, a length of 20 before the key. The checksum is looked for here and not by way of the
 * footer's tables, since what damages those could hide it.
 */
const TAIL = new RegExp(`([0-9a-f]{${DIGITS}})\\0+\\x14\\0{3}${KEY.replace(".", "\\.")}\\0+$`);

/** Bytes in which {@link TAIL} fits, with what FlatBuffers adds to make each text end at a multiple of 4. */
const TAIL_BYTES = 72;

/** Bytes behind the footer: its length and the magic word. */
const AFTER_FOOTER_BYTES = 10;

/** Puts the checksum in the place of {@link CHECKSUM_PLACEHOLDER}, the first metadata of the file's footer. */
export function writeChecksum(file: Uint8Array): void {
  const found = findDigits(file);
  if (found === undefined) {
    throw new Error("the footer does not end with the checksum's place");
  }
  writeDigits(file, found.at, checksumOf(file));
}

/**
 * Checks the file against the checksum at the end of its footer, if it has one.
 * @throws {ArrowError} if they differ
 */
export function verifyChecksum(file: Uint8Array): void {
  const found = findDigits(file);
  if (found === undefined) {
    return;
  }
  // A Buffer's own `slice` would be a view.
  const bare = new Uint8Array(file);
  writeDigits(bare, found.at, ZEROS);
  if (checksumOf(bare) !== found.digits) {
    throw new ArrowError("the Arrow file is damaged: its checksum does not fit its content");
  }
}

function findDigits(file: Uint8Array): { readonly at: number; readonly digits: string } | undefined {
  const end = file.length - AFTER_FOOTER_BYTES;
  const start = Math.max(0, end - TAIL_BYTES);
  const tail = String.fromCharCode(...file.subarray(start, end));
  const match = TAIL.exec(tail);
  const digits = match?.[1];
  return match === null || digits === undefined ? undefined : { at: start + match.index, digits };
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
