import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyBits } from "../src/bitmap.js";
import { bitmapBytes, countBits, emptyBitmap, getBit, setBit } from "../src/index.js";

describe("bitmap", () => {
  test("rounds up to whole bytes", () => {
    expect([0, 1, 8, 9, 64, 65].map(bitmapBytes)).toEqual([0, 1, 1, 2, 8, 9]);
  });

  test("begins with the least significant bit", () => {
    const bitmap = emptyBitmap(10);
    setBit(bitmap, 0);
    setBit(bitmap, 9);
    expect([...bitmap]).toEqual([0b1, 0b10]);
  });

  test("reads beyond its end as 0", () => {
    expect(getBit(Uint8Array.of(0xff), 8)).toBe(false);
  });

  test("counts only the bits within the length", () => {
    expect(countBits(Uint8Array.of(0xff, 0xff), 11)).toBe(11);
    expect(countBits(Uint8Array.of(0xff, 0xff), 0)).toBe(0);
  });

  test("holds and counts any bits", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (bits) => {
        const bitmap = emptyBitmap(bits.length);
        bits.forEach((bit, index) => {
          if (bit) {
            setBit(bitmap, index);
          }
        });
        expect(bits.map((_, index) => getBit(bitmap, index))).toEqual(bits);
        expect(countBits(bitmap, bits.length)).toBe(bits.filter(Boolean).length);
      }),
    );
  });

  test("copies any bits to any place, and touches no others", () => {
    const part = fc.record({ bits: fc.array(fc.boolean(), { maxLength: 40 }), isAllOnes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.nat(20), (parts, start) => {
        const expected = Array.from({ length: start }, () => false);
        const target = new Uint8Array(bitmapBytes(start + parts.reduce((sum, { bits }) => sum + bits.length, 0)) + 1);
        for (const { bits, isAllOnes } of parts) {
          // What lies behind the bits is not to be copied.
          const source = new Uint8Array(bitmapBytes(bits.length) + 1).fill(0xff);
          bits.forEach((bit, index) => {
            if (!bit) {
              source[index >>> 3] = (source[index >>> 3] ?? 0) & ~(1 << (index & 7));
            }
          });
          copyBits(target, expected.length, isAllOnes ? undefined : source, bits.length);
          expected.push(...bits.map((bit) => isAllOnes || bit));
        }
        const all = Array.from({ length: 8 * target.length }, (_, index) => getBit(target, index));
        expect(all).toEqual([...expected, ...Array.from({ length: all.length - expected.length }, () => false)]);
      }),
    );
  });
});
