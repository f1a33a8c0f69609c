/** Bitmaps as Arrow has them: one bit a row, least significant bit of the first byte first. */

/** Number of bytes that hold `length` bits. */
export function bitmapBytes(length: number): number {
  return (length + 7) >>> 3;
}

/** A bitmap of `length` bits, all 0. */
export function emptyBitmap(length: number): Uint8Array {
  return new Uint8Array(bitmapBytes(length));
}

/** Whether bit `index` is 1. Bits beyond the bitmap's end read as 0. */
export function getBit(bitmap: Uint8Array, index: number): boolean {
  return (((bitmap[index >>> 3] ?? 0) >>> (index & 7)) & 1) === 1;
}

/** Sets bit `index` to 1. */
export function setBit(bitmap: Uint8Array, index: number): void {
  const byte = index >>> 3;
  bitmap[byte] = (bitmap[byte] ?? 0) | (1 << (index & 7));
}

/**
 * Copies the first `length` bits of `source` into `target`, from bit `start` on, where all bits are 0 yet.
 * @param source left out for bits that are all 1
 */
export function copyBits(target: Uint8Array, start: number, source: Uint8Array | undefined, length: number): void {
  const shift = start & 7;
  let at = start >>> 3;
  for (let bit = 0; bit < length; bit += 8) {
    const left = length - bit;
    const mask = left >= 8 ? 0xff : (1 << left) - 1;
    const byte = (source === undefined ? 0xff : (source[bit >>> 3] ?? 0)) & mask;
    target[at] = (target[at] ?? 0) | (byte << shift);
    at++;
    if (shift !== 0 && byte >>> (8 - shift) !== 0) {
      target[at] = byte >>> (8 - shift);
    }
  }
}

/** Counts the bits that are 1 among the first `length`. */
export function countBits(bitmap: Uint8Array, length: number): number {
  let count = 0;
  const whole = length >>> 3;
  for (let i = 0; i < whole; i++) {
    count += bitsOfByte(bitmap[i] ?? 0);
  }
  const rest = length & 7;
  if (rest !== 0) {
    count += bitsOfByte((bitmap[whole] ?? 0) & ((1 << rest) - 1));
  }
  return count;
}

function bitsOfByte(byte: number): number {
  let pairs = byte - ((byte >>> 1) & 0x55);
  pairs = (pairs & 0x33) + ((pairs >>> 2) & 0x33);
  return (pairs + (pairs >>> 4)) & 0x0f;
}
