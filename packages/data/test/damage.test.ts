import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  ArrowError,
  decodeArrow,
  decodeJson,
  encodeArrow,
  encodeJson,
  type Frame,
  FrameError,
  frame,
  numbers,
  strings,
  type Value,
  valuesOf,
} from "../src/index.js";
import { anyDamage, anyFlip, type Damage, damaged, placeIn } from "./arbitrary-damage.js";
import { anyFrame, plain } from "./arbitrary-frame.js";
import { reachOfFlip } from "./reach-of-flip.js";

/** Each test damages this many frames so many times: 10,000 cases a run. */
const FRAMES = 200;
const CASES = 50;
const manyDamages = fc.array(anyDamage, { minLength: CASES, maxLength: CASES });
const manyFlips = fc.array(anyFlip, { minLength: CASES, maxLength: CASES });
const runs = { numRuns: FRAMES, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true };

/** The longest that any decoding took, in ms of processor time, so that other work of the machine does not count. */
let slowest = 0;

/** What is decoded, or nothing where it is refused as it should be. */
function decoded<T>(bytes: T, decode: (bytes: T) => Frame, refusal: new (message: string) => Error): Frame | undefined {
  const started = process.cpuUsage();
  try {
    return decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(refusal);
    return undefined;
  } finally {
    const { user, system } = process.cpuUsage(started);
    slowest = Math.max(slowest, (user + system) / 1e3);
  }
}

describe("damage to an Arrow file", () => {
  test("is an error, or leaves an equal frame, where the file has a checksum", () => {
    fc.assert(
      fc.property(anyFrame, manyDamages, (made, damages) => {
        const file = encodeArrow(made, { checksum: true });
        const whole = plain(made);
        for (const damage of damages) {
          const found = decoded(damaged(file, damage), decodeArrow, ArrowError);
          if (found !== undefined) {
            expectSame(plain(found), whole, damage);
          }
        }
      }),
      runs,
    );
  }, 60_000);

  test("to any byte of it is such an error, or leaves an equal frame", () => {
    const options = { labels: { host: "a" }, unit: "ms" };
    const made = frame(
      "f",
      { a: numbers([1, null, 3], options), b: strings(["x", "", null]) },
      { refId: "A", meta: { typeVersion: [0, 0] } },
    );
    const file = encodeArrow(made, { checksum: true });
    const whole = plain(made);
    for (let byte = 0; byte < file.length; byte++) {
      const at = (byte + 0.5) / file.length;
      const damages: Damage[] = [
        { kind: "flip", at, mask: 0x01 },
        { kind: "flip", at, mask: 0xff },
        { kind: "overwrite", at, bytes: new Uint8Array(8) },
      ];
      for (const damage of damages) {
        const found = decoded(damaged(file, damage), decodeArrow, ArrowError);
        if (found !== undefined) {
          expectSame(plain(found), whole, damage);
        }
      }
    }
  });

  test("is an error, or leaves a frame that is sound, where it has none", () => {
    fc.assert(
      fc.property(anyFrame, manyDamages, (made, damages) => {
        const file = encodeArrow(made);
        for (const damage of damages) {
          const found = decoded(damaged(file, damage), decodeArrow, ArrowError);
          if (found !== undefined) {
            expectSame(plain(decodeArrow(encodeArrow(found))), plain(found), damage);
          }
        }
      }),
      runs,
    );
  }, 60_000);

  test("among its values is an error, or changes no value but the one it lies in", () => {
    fc.assert(
      fc.property(anyFrame, manyFlips, (made, flips) => {
        const file = encodeArrow(made);
        const views = decodeArrow(file);
        const before = cellsOf(views);
        for (const flip of flips) {
          const reach = reachOfFlip(views, file, placeIn(file.length, flip.at), flip.mask);
          if (reach === undefined) {
            continue;
          }
          const found = decoded(damaged(file, flip), decodeArrow, ArrowError);
          if (found === undefined) {
            expect(reach.certain, show(flip)).toBe(false);
            continue;
          }
          const after = cellsOf(found);
          const changed = differences(before, after);
          expect(
            changed.filter((cell) => !cellsIn(reach).includes(cell)),
            show(flip),
          ).toEqual([]);
          if (reach.certain) {
            const isSeen = (row: number) =>
              before[reach.field]?.[row] !== null && !Number.isNaN(before[reach.field]?.[row]);
            const seen = reach.rows.filter(isSeen).map((row) => `${reach.field}/${row}`);
            expect(changed, show(flip)).toEqual(expect.arrayContaining(seen));
          }
        }
      }),
      runs,
    );
  }, 60_000);
});

describe("damage to JSON", () => {
  test("is an error, or leaves a frame that is sound", () => {
    fc.assert(
      fc.property(anyFrame, manyDamages, (made, damages) => {
        const file = new TextEncoder().encode(encodeJson(made));
        for (const damage of damages) {
          const found = decoded(damaged(file, damage), decodeJson, FrameError);
          if (found !== undefined) {
            const json = encodeJson(found);
            expect(encodeJson(decodeJson(json)), show(damage)).toBe(json);
            expectSame(plain(decodeArrow(encodeArrow(found))), plain(found), damage);
          }
        }
      }),
      runs,
    );
  }, 60_000);
});

afterAll(() => {
  // No measure of speed, only a guard against hangs.
  expect(slowest).toBeLessThan(1_000);
});

/** Of so many cases nearly all are the same, which this sees far sooner than `expect` does. */
function expectSame(found: unknown, wanted: unknown, damage: Damage): void {
  if (!isDeepStrictEqual(found, wanted)) {
    expect(found, show(damage)).toEqual(wanted);
  }
}

function cellsOf(frame: Frame): Value[][] {
  return frame.fields.map((field) => [...valuesOf(field)]);
}

/** The cells, as `field/row`, that are not the same in both. */
function differences(before: readonly Value[][], after: readonly Value[][]): string[] {
  expect(after.map((values) => values.length)).toEqual(before.map((values) => values.length));
  return before.flatMap((values, field) =>
    values.flatMap((value, row) => (Object.is(value, after[field]?.[row]) ? [] : [`${field}/${row}`])),
  );
}

function cellsIn({ field, rows }: { readonly field: number; readonly rows: readonly number[] }): string[] {
  return rows.map((row) => `${field}/${row}`);
}

function show(damage: Damage): string {
  return JSON.stringify(damage, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}
