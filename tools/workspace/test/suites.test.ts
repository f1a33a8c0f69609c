import { describe, expect, it } from "vitest";
import { selectSuites } from "../src/run-tests.mjs";
import { suites } from "../src/suites.mjs";

describe("selectSuites", () => {
  it("gives all without a filter", () => {
    expect(selectSuites([])).toEqual(suites);
  });

  it("gives the named ones in their own order", () => {
    expect(selectSuites(["--only", "unit,lint"]).map((suite) => suite.id)).toEqual(["lint", "unit"]);
  });

  it("names the suites there are when it does not know one, or an option", () => {
    expect(() => selectSuites(["--only", "unit,units"])).toThrow(
      /"units".*\n.*lint, boundaries, unused, types, proto, api, packages, go, unit/,
    );
    expect(() => selectSuites(["--onyl", "unit"])).toThrow(/--onyl[\s\S]*Usage: npm test/);
    expect(() => selectSuites(["unit"])).toThrow(/Usage: npm test/);
  });
});
