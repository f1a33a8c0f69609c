/** Random numbers that come out the same for the same seed: mulberry32, by Tommy Ettinger, in the public domain. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes without any sense. */
export function randomBytes(random: () => number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random() * 256));
}

/** A message with a few things wrong in it: bits, lengths, pieces that are missing, doubled or made up. */
export function mutate(random: () => number, message: Buffer): Buffer {
  let bytes = Buffer.from(message);
  for (let times = 1 + random() * 3; times > 0; times--) {
    const at = Math.floor(random() * (bytes.length + 1));
    const length = Math.floor(random() * 12);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const way = Math.floor(random() * 7);
    if (way === 0) {
      bytes = Buffer.from(bytes);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    } else if (way === 1) {
      bytes = Buffer.from(before);
    } else if (way === 2) {
      bytes = Buffer.concat([before, randomBytes(random, length), after]);
    } else if (way === 3) {
      bytes = Buffer.concat([before, after.subarray(length)]);
    } else if (way === 4) {
      bytes = Buffer.concat([bytes, before]);
    } else if (way === 5) {
      // A length or a number that is far too large.
      bytes = Buffer.concat([before, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f]), after]);
    } else {
      // Messages within messages within messages.
      bytes = Buffer.concat([Buffer.alloc(400, Buffer.from([0x0a, 0x7e])), bytes]);
    }
  }
  return bytes;
}
