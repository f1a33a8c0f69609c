import { describe, expect, it } from "vitest";
import { bakedInfo } from "../src/baked-info.js";

const values = { pluginId: "acme-x-datasource", version: "1.2.3", today: "2026-01-02" };

describe("bakedInfo", () => {
  it("names plugin, version and day", () => {
    expect(bakedInfo(values, {})).toEqual({
      time: Date.UTC(2026, 0, 2),
      pluginID: "acme-x-datasource",
      version: "1.2.3",
    });
  });

  it("leaves out a version that there is not", () => {
    expect(bakedInfo({ ...values, version: undefined }, {})).not.toHaveProperty("version");
  });

  it.each([{ GITHUB_SHA: "abc" }, { CI_COMMIT_SHA: "abc" }])("takes the commit from $0", (env) => {
    expect(bakedInfo(values, env).commit).toBe("abc");
  });

  it("takes the time from SOURCE_DATE_EPOCH", () => {
    expect(bakedInfo(values, { SOURCE_DATE_EPOCH: "1700000000" }).time).toBe(1_700_000_000_000);
  });
});
