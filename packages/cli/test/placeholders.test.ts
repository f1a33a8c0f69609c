import { describe, expect, it } from "vitest";
import { buildDay, replacePlaceholders } from "../src/placeholders.js";

describe("placeholders", () => {
  const values = { pluginId: "acme-a-datasource", version: "1.2.3", today: "2026-11-24" };

  it("are replaced wherever they stand", () => {
    expect(replacePlaceholders("%VERSION% %TODAY% %PLUGIN_ID% %VERSION% 100% %OTHER%", values, "f")).toBe(
      "1.2.3 2026-11-24 acme-a-datasource 1.2.3 100% %OTHER%",
    );
  });

  it("need a version only where it is used", () => {
    const unversioned = { ...values, version: undefined };
    expect(replacePlaceholders("%TODAY%", unversioned, "f")).toBe("2026-11-24");
    expect(() => replacePlaceholders("%VERSION%", unversioned, "src/plugin.json")).toThrow(
      /^src\/plugin\.json uses %VERSION%/,
    );
  });
});

describe("the day of a build", () => {
  it("is the clock's, in UTC", () => {
    expect(buildDay(undefined, new Date("2026-11-24T23:59:59-01:00"))).toBe("2026-11-25");
  });

  it("is SOURCE_DATE_EPOCH's where that is set", () => {
    expect(buildDay("0")).toBe("1970-01-01");
    expect(buildDay("1700000000")).toBe("2023-11-14");
  });

  it.each(["yesterday", "-1", "1.5", "999999999999"])("is not %s", (text) => {
    expect(() => buildDay(text)).toThrow(/SOURCE_DATE_EPOCH is .* whole seconds/);
  });
});
