import { describe, expect, it } from "vitest";
import { parseDuration, parseTime, parseTimeRange } from "../src/time-range.js";
import { intervalFor } from "../src/time-steps.js";

// A Tuesday.
const now = new Date("2026-11-24T10:20:30.456Z");
const from = (text: string): string => parseTime(text, "from", now, "--from").toISOString();
const to = (text: string): string => parseTime(text, "to", now, "--to").toISOString();

describe("a time", () => {
  it.each([
    ["now", "2026-11-24T10:20:30.456Z"],
    ["now-6h", "2026-11-24T04:20:30.456Z"],
    ["now-h", "2026-11-24T09:20:30.456Z"],
    ["now+90s", "2026-11-24T10:22:00.456Z"],
    ["now-1w", "2026-11-17T10:20:30.456Z"],
    ["now-1M", "2026-10-24T10:20:30.456Z"],
    ["now-1Q", "2026-08-24T10:20:30.456Z"],
    ["now-5y", "2021-11-24T10:20:30.456Z"],
    ["now/h", "2026-11-24T10:00:00.000Z"],
    ["now/d", "2026-11-24T00:00:00.000Z"],
    ["now/w", "2026-11-23T00:00:00.000Z"],
    ["now/M", "2026-11-01T00:00:00.000Z"],
    ["now/Q", "2026-10-01T00:00:00.000Z"],
    ["now-1d/d", "2026-11-23T00:00:00.000Z"],
    ["now-1d/d+8h", "2026-11-23T08:00:00.000Z"],
    ["1700000000000", "2023-11-14T22:13:20.000Z"],
    ["2026-01-02", "2026-01-02T00:00:00.000Z"],
    ["2026-01-02T03:04", "2026-01-02T03:04:00.000Z"],
    ["2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.600Z"],
    ["2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"],
    ["2026-01-02T03:04:05-02:00", "2026-01-02T05:04:05.000Z"],
  ])("%s as the start", (text, expected) => {
    expect(from(text)).toBe(expected);
  });

  it.each([
    ["now/d", "2026-11-24T23:59:59.999Z"],
    ["now-1M/M", "2026-10-31T23:59:59.999Z"],
    ["now/y", "2026-12-31T23:59:59.999Z"],
  ])("%s as the end is the last moment of the unit", (text, expected) => {
    expect(to(text)).toBe(expected);
  });

  it("a month before a day that it does not have is its last day", () => {
    expect(parseTime("now-1M", "from", new Date("2026-03-31T12:00:00Z"), "--from").toISOString()).toBe(
      "2026-02-28T12:00:00.000Z",
    );
  });

  it.each(["", "yesterday", "now-6hours", "now-6x", "now/", "now 6h", "2026-13-40", "2026-01-02 03:04", "12"])(
    "is not %j",
    (text) => {
      expect(() => from(text)).toThrow(/^--from ".*" is not a time/);
    },
  );
});

describe("a time range", () => {
  it("is both ends, seen from one moment", () => {
    expect(parseTimeRange("now-1m", "now", now)).toEqual({ from: new Date("2026-11-24T10:19:30.456Z"), to: now });
  });

  it("is not empty", () => {
    expect(() => parseTimeRange("now", "now-1h", now)).toThrow(/the time range is empty/);
  });
});

describe("a duration", () => {
  it.each([
    ["250", 250],
    ["250ms", 250],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["2d", 172_800_000],
  ])("%s", (text, ms) => {
    expect(parseDuration(text, "--interval")).toBe(ms);
  });

  it.each(["", "0", "-1s", "1M", "s", "1 h"])("is not %j", (text) => {
    expect(() => parseDuration(text, "--interval")).toThrow(/^--interval ".*" is not a duration/);
  });
});

describe("the interval of a range", () => {
  // Expected values: roundInterval in Grafana's rangeutil.
  it.each([
    [6 * 3_600_000, 1000, 20_000],
    [3_600_000, 1000, 5_000],
    [86_400_000, 1000, 60_000],
    [1000, 1000, 1],
    [14_000, 1000, 10],
    [15_000, 1000, 20],
    [90_000_000, 1000, 120_000],
  ])("%i ms by %i points is %i ms", (range, points, expected) => {
    expect(intervalFor(range, points)).toBe(expected);
  });
});
