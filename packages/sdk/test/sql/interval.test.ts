import { describe, expect, test } from "vitest";
import { formatInterval, parseInterval } from "../../src/sql/index.js";

const HOUR = 3_600_000_000_000n;
const now = new Date("2024-01-31T12:00:00Z");

describe("parseInterval", () => {
  /** From the Go SDK's own tests (backend/gtime/gtime_test.go), and from what Go's `time.ParseDuration` says. */
  test.each([
    ["1s", HOUR / 3600n],
    ["1m", HOUR / 60n],
    ["1h", HOUR],
    ["1d", 24n * HOUR],
    ["1w", 168n * HOUR],
    ["2w", 336n * HOUR],
    // From 31 January on, which Go and JavaScript alike continue in March.
    ["1M", 744n * HOUR],
    ["1y", 8784n * HOUR],
    ["30s", 30_000_000_000n],
    ["1m30s", 90_000_000_000n],
    ["1h30m", 5_400_000_000_000n],
    ["1.5h", 5_400_000_000_000n],
    [".5s", 500_000_000n],
    ["5.s", 5_000_000_000n],
    ["+5m", 300_000_000_000n],
    ["1µs", 1_000n],
    ["1us", 1_000n],
    ["1ns", 1n],
    ["1.0000000001s", 1_000_000_000n],
    ["9223372036s", 9_223_372_036_000_000_000n],
  ])("%s", (text, nanoseconds) => {
    expect(parseInterval(text, now)).toBe(nanoseconds);
  });

  test.each([
    "",
    "5",
    "5 m",
    "5x",
    "1e3s",
    "1.5d",
    "abc1d",
    "5a3d",
    "1d2h",
    "invalid-duration",
    "9223372037s",
    "1000y",
    "999999999999M",
    "1".repeat(100_000),
  ])("%j is no interval", (text) => {
    expect(() => parseInterval(text, now)).toThrow(
      /^"[^"]{0,65}" is no interval; write a number and a unit, such as 5m, 1h or 1d$/,
    );
  });

  test.each(["0", "0s", "0d", "-5m", "0.3ns"])("%s is not longer than nothing", (text) => {
    expect(() => parseInterval(text, now)).toThrow(`an interval must be longer than nothing, and "${text}" is not`);
  });
});

test.each([
  [61_000, "1m"],
  [30, "30ms"],
  [23 * 3_600_000, "23h"],
  [24 * 3_600_000, "1d"],
  [367 * 86_400_000, "1y"],
  [90_000, "1m"],
  [1, "1ms"],
  [0.4, "1ms"],
  [0, "1ms"],
])("formatInterval(%d) is %s", (ms, text) => {
  expect(formatInterval(ms)).toBe(text);
});
