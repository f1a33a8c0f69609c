import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeProblem } from "../check-node.cjs";

describe("nodeProblem", () => {
  it("says in one sentence what is needed, what was found and where to get it", () => {
    expect(nodeProblem(">=20.19", "18.20.4")).toBe(
      "Framewright needs Node 20.19 or newer, and this is Node 18.20.4: install a newer one from " +
        "https://nodejs.org/en/download and run the command again.",
    );
  });

  it.each([
    ["20.18.3", false],
    ["20.19.0", true],
    ["20.100.0", true],
    ["22.0.0", true],
    ["9.99.99", false],
    ["100.0.0", true],
  ])("compares the parts of %s as numbers", (found, good) => {
    expect(nodeProblem(">=20.19", found) === null).toBe(good);
  });

  it("refuses a range that it does not understand", () => {
    expect(() => nodeProblem("^20 || ^22", "22.0.0")).toThrow('must look like ">=20.19"');
  });

  it("understands the range of this workspace", () => {
    const manifest: { engines: { node: string } } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(nodeProblem(manifest.engines.node, process.versions.node)).toBeNull();
  });

  it("stays in syntax that the oldest Node parses, as all that runs before the check", () => {
    for (const file of ["run.cjs", "check-node.cjs"]) {
      const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8").replace(
        /^\s*(\/\/|\*|\/\*\*).*$/gm,
        "",
      );
      expect(source, file).not.toMatch(/=>|`|\b(?:const|let|class|async|import)\b|\?\.|\?\?|\.\.\.|,\s*\)/);
    }
  });
});
