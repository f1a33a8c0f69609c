import { describe, expect, test } from "vitest";
import { Settings } from "../backend/settings.js";

describe("settings", () => {
  test("without any, sessions may only read", () => {
    expect(Settings.parse({})).toMatchObject({ engine: "postgres", readOnly: true, binaryResults: true });
  });

  test("numbers may be texts, empty texts are none", () => {
    expect(Settings.parse({ maxOpenConns: "7", database: " ", timezone: "" })).toMatchObject({
      maxOpenConns: 7,
      database: undefined,
      timezone: undefined,
    });
  });

  test.each([
    ["10s", 10_000],
    [">1m", 60_000],
    ["", undefined],
  ])("a least interval of %o", (timeInterval, expected) => {
    expect(Settings.parse({ timeInterval }).timeInterval).toBe(expected);
  });

  test.each([
    { sslmode: "prefer" },
    { maxOpenConns: -1 },
    { rowLimit: 0 },
    { rowLimit: "ten" },
    { queryTimeout: "soon" },
    { timeInterval: "often" },
    { readOnly: "yes" },
  ])("%o is refused", (settings) => {
    const result = Settings.safeParse(settings);
    expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual(Object.keys(settings));
  });
});
