import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  booleans,
  type Column,
  decodeArrow,
  encodeArrow,
  encodeArrowInSteps,
  type Frame,
  frame,
  numbers,
  strings,
} from "../src/index.js";
import { anyFrame, plain } from "./arbitrary-frame.js";
import { cutFrame } from "./cut-frame.js";

/** Encodes pieces. @returns the file, and how many steps that took */
function inSteps(pieces: readonly Frame[], checksum = false): { file: Uint8Array; count: number } {
  const steps = encodeArrowInSteps(pieces, { checksum });
  for (let count = 0; ; count++) {
    const step = steps.next();
    if (step.done === true) {
      return { file: step.value, count };
    }
  }
}

describe("encodeArrowInSteps", () => {
  test("makes of the pieces of any frame what the whole would be", () => {
    const cut = anyFrame.chain((whole) =>
      fc.record({
        whole: fc.constant(whole),
        rows: fc.array(fc.nat(whole.length), { maxLength: 6 }),
        checksum: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(cut, ({ whole, rows, checksum }) => {
        const { file } = inSteps(cutFrame(whole, rows), checksum);
        expect(plain(decodeArrow(file))).toEqual(plain(whole));
        expect(Buffer.from(file).equals(encodeArrow(decodeArrow(file), { checksum }))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("leaves out the bitmap where no piece has a null, and takes one with nulls behind some without", () => {
    const piece = (...values: (number | null)[]): Frame => frame("f", { n: numbers(values) });
    for (const rows of [
      [[1, 2, 3], [4], [5]],
      [[1, 2, 3], [null, 4], [], [5, null, null]],
      [[null], [], [null]],
      [[], []],
    ]) {
      const { file } = inSteps(rows.map((values) => piece(...values)));
      expect(Buffer.from(file).equals(encodeArrow(piece(...rows.flat())))).toBe(true);
    }
  });

  test("takes many steps where there are many rows in one piece", () => {
    const length = 2_000_000;
    const offsets = Int32Array.from({ length: length + 1 }, (_, row) => row);
    const bytes = new Uint8Array(length).fill(97);
    const all = { nullCount: 0, validity: undefined };
    const whole = frame("f", {
      text: { ...strings(["a"]), column: { type: "string", ...all, length, offsets, bytes } },
    });
    const { file, count } = inSteps([frame("f", { text: strings(["a"]) }), whole, whole]);
    // 8 MB of offsets and 2 MB of text, twice.
    expect(count).toBeGreaterThanOrEqual(20);
    const [field] = decodeArrow(file).fields;
    expect(field?.column.length).toBe(1 + 2 * length);
    expect(field?.column).toMatchObject({ nullCount: 0 });
    const values = new Uint8Array(2_500_000).fill(0xa5);
    const bits: Column = { type: "boolean", ...all, length: 20_000_000, values };
    const flags = frame("f", { flag: { ...booleans([true]), column: bits } });
    const encoded = inSteps([frame("f", { flag: booleans([true]) }), flags]);
    expect(encoded.count).toBeGreaterThanOrEqual(5);
    const [flag] = decodeArrow(encoded.file).fields;
    const shifted = flag?.column.type === "boolean" ? flag.column.values : new Uint8Array(0);
    // Shifted by the one bit before.
    expect([...shifted.subarray(0, 3), shifted.length, ...shifted.subarray(-3)]).toEqual([
      0x4b, 0x4b, 0x4b, 2_500_001, 0x4b, 0x4b, 0x01,
    ]);
  });

  test.each<[string, readonly Frame[]]>([
    ["no piece", []],
    ["more fields", [frame("f", { a: numbers([1]) }), frame("f", { a: numbers([1]), b: numbers([1]) })]],
    ["fields where the first has none", [frame("f", {}), frame("f", { a: numbers([1]) })]],
    ["fewer fields", [frame("f", { a: numbers([1]), b: numbers([1]) }), frame("f", { a: numbers([1]) })]],
    ["another type", [frame("f", { a: numbers([1]) }), frame("f", { a: strings(["1"]) })]],
    ["another name", [frame("f", { a: numbers([1]) }), frame("f", { b: numbers([1]) })]],
    [
      "nulls where the first may have none",
      [frame("f", { a: numbers([1], { nullable: false }) }), frame("f", { a: numbers([null]) })],
    ],
  ])("refuses %s", (_, pieces) => {
    expect(() => inSteps(pieces)).toThrow(/piece/);
  });
});
