import { expect, test } from "vitest";
import { columnBuilder, valuesOf } from "../src/index.js";
import { frameErrorOf } from "./frame-error-of.js";

test("a builder of times takes seconds and nanoseconds, from the first moment to the last", () => {
  const builder = columnBuilder("time", { capacity: 1 });
  builder.appendInstant(1_700_000_000, 123_456_789);
  builder.appendInstant(-1, 999_999_999);
  builder.appendNull();
  builder.appendInstant(-9_223_372_037, 145_224_192);
  builder.appendInstant(9_223_372_036, 854_775_807);
  expect([...valuesOf(builder.finish())]).toEqual([
    1_700_000_000_123_456_789n,
    -1n,
    null,
    -(2n ** 63n),
    2n ** 63n - 1n,
  ]);
});

test.each([
  [-9_223_372_037, 145_224_191],
  [9_223_372_036, 854_775_808],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
])("a builder of times refuses %s seconds and %s nanoseconds", (seconds, nanoseconds) => {
  const builder = columnBuilder("time", { field: "at" });
  expect(frameErrorOf(() => builder.appendInstant(seconds, nanoseconds)).message).toBe(
    `field "at", row 0: ${seconds} seconds since 1970 are outside the years 1677 to 2262 that nanoseconds in 64 bits can hold`,
  );
  expect(builder.length).toBe(0);
});
