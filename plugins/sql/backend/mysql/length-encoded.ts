/**
 * Reads a number whose first byte says how long it is.
 * @returns the number, and where what follows begins
 */
export function readNumber(bytes: Buffer, at: number): [value: number, next: number] {
  const first = bytes[at] ?? 0;
  if (first < 0xfb) {
    return [first, at + 1];
  }
  switch (first) {
    case 0xfc:
      return [bytes.readUInt16LE(at + 1), at + 3];
    case 0xfd:
      return [bytes.readUIntLE(at + 1, 3), at + 4];
    default:
      return [Number(bytes.readBigUInt64LE(at + 1)), at + 9];
  }
}

/** Reads a text with its length before it. */
export function readText(bytes: Buffer, at: number): [text: string, next: number] {
  const [length, start] = readNumber(bytes, at);
  if (start + length > bytes.length) {
    throw new RangeError(`a text of ${length} bytes, which are not there`);
  }
  return [bytes.toString("utf8", start, start + length), start + length];
}
