import fc from "fast-check";
import { describe, expect, test } from "vitest";
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
});
