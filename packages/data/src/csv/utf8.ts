/**
 * The position of the first byte in `start..end` that does not belong to well-formed UTF-8, or -1.
 *
 * Well-formed sequences: The Unicode Standard, table 3-7,
 * https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/#G27506
 */
export function malformedUtf8At(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const following = followingBytes(lead);
    if (following === 0 || at + following >= end || !isSecondByte(lead, bytes[at + 1] ?? 0)) return at;
    for (let i = 2; i <= following; i++) {
      if (!isContinuation(bytes[at + i] ?? 0)) return at;
    }
    at += following + 1;
  }
  return -1;
}

/** How many bytes follow a lead byte; 0 for a byte that cannot lead. */
function followingBytes(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 1;
  return lead < 0xf0 ? 2 : 3;
}

/** Some lead bytes narrow the second byte, which excludes overlong forms, surrogates and what is above U+10FFFF. */
function isSecondByte(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0 && second <= 0xbf;
  if (lead === 0xed) return second >= 0x80 && second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90 && second <= 0xbf;
  if (lead === 0xf4) return second >= 0x80 && second <= 0x8f;
  return isContinuation(second);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
