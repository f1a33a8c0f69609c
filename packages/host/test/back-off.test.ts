import { expect, it } from "vitest";
import { DEFAULT_BACK_OFF, startInterval } from "../src/supervisor/back-off.js";

it("doubles the time between starts with each that came to nothing, up to a limit", () => {
  const intervals = [0, 1, 2, 3, 4, 5, 6, 2_000].map((failures) => startInterval(DEFAULT_BACK_OFF, failures));
  expect(intervals).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});
