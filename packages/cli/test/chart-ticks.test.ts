import { describe, expect, it } from "vitest";
import { numberTicks, timeTicks } from "../src/chart-ticks.js";

describe("the marks of a number axis", () => {
  it.each([
    [0, 1, 5, ["0.0", "0.5", "1.0"]],
    [-7.3, 35.6, 5, ["-20", "0", "20", "40"]],
    [0.1, 0.3, 3, ["0.1", "0.2", "0.3"]],
    [1_234_567, 7_654_321, 5, ["0", "2,000,000", "4,000,000", "6,000,000", "8,000,000"]],
    [1e10, 3e10, 4, ["1.0e+10", "2.0e+10", "3.0e+10"]],
    [1e-9, 5e-9, 3, ["0.0e+0", "2.0e-9", "4.0e-9", "6.0e-9"]],
    [5, 5, 5, ["4.5", "5.0", "5.5"]],
    [0, 0, 4, ["-1", "0", "1"]],
  ])("from %d to %d", (min, max, about, labels) => {
    const ticks = numberTicks(min, max, about);
    expect(ticks.labels).toEqual(labels);
    expect(ticks.values[0]).toBeLessThanOrEqual(min);
    expect(ticks.values.at(-1)).toBeGreaterThanOrEqual(max);
  });
});

describe("the marks of a time axis", () => {
  const at = (text: string): number => Date.parse(text);

  it.each([
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.010Z", 60, ["00:00:00.000", "00:00:00.005", "00:00:00.010"]],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:05Z", 60, ["00:00:00", "00:00:02", "00:00:04"]],
    ["2026-11-24T03:30:00Z", "2026-11-24T06:00:00Z", 40, ["04:00", "05:00", "06:00"]],
    ["2026-11-23T20:00:00Z", "2026-11-24T03:30:00Z", 60, ["11-23 21:00", "11-24 00:00", "11-24 03:00"]],
    ["2026-11-01T00:00:00Z", "2026-11-24T00:00:00Z", 80, ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]],
    ["2012-01-01T00:00:00Z", "2013-06-01T00:00:00Z", 50, ["2012-01", "2012-07", "2013-01"]],
    ["1900-01-01T00:00:00Z", "2016-01-01T00:00:00Z", 60, ["1900", "1920", "1940", "1960", "1980", "2000"]],
  ])("from %s to %s in %d columns", (from, to, width, labels) => {
    expect(timeTicks(at(from), at(to), width).map(({ label }) => label)).toEqual(labels);
  });
});
