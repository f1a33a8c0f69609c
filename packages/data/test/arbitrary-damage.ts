import fc from "fast-check";

/** What happens to bytes on a bad line or disk. Places are fractions of the length, so that they fit any file. */
export type Damage =
  | { readonly kind: "flip"; readonly at: number; readonly mask: number }
  | { readonly kind: "overwrite"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "cut"; readonly at: number; readonly length: number }
  | { readonly kind: "truncate"; readonly at: number };

// fast-check prefers places near the ends, where headers and footers lie; half of them shall be anywhere.
const place = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1_000_000),
);

const someBytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 16 }),
  fc
    .constantFrom(1, 2, 4, 8, 16)
    .chain((length) => fc.constantFrom(0, 0x7f, 0xff).map((byte) => new Uint8Array(length).fill(byte))),
);

/** Bits of one byte that change. */
export const anyFlip = fc.record({
  kind: fc.constant("flip" as const),
  at: place,
  mask: fc.integer({ min: 1, max: 255 }),
});

/** Damage to one place. */
export const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
  anyFlip,
  fc.record({ kind: fc.constant("overwrite" as const), at: place, bytes: someBytes }),
  fc.record({ kind: fc.constant("insert" as const), at: place, bytes: someBytes }),
  fc.record({ kind: fc.constant("cut" as const), at: place, length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant("truncate" as const), at: place }),
);

/** The place in `length` bytes that a fraction means. */
export function placeIn(length: number, fraction: number): number {
  return Math.floor(fraction * length);
}

/** A damaged copy, in memory of its own. */
export function damaged(bytes: Uint8Array, damage: Damage): Uint8Array {
  const at = placeIn(bytes.length, damage.at);
  switch (damage.kind) {
    case "flip": {
      const copy = bytes.slice();
      copy[at] = (copy[at] ?? 0) ^ damage.mask;
      return copy;
    }
    case "overwrite": {
      const copy = bytes.slice();
      copy.set(damage.bytes.subarray(0, bytes.length - at), at);
      return copy;
    }
    case "insert":
      return Uint8Array.from([...bytes.subarray(0, at), ...damage.bytes, ...bytes.subarray(at)]);
    case "cut":
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + damage.length)]);
    case "truncate":
      return bytes.slice(0, at);
  }
}
