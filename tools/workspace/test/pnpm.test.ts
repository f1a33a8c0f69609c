import path from "node:path";
import { describe, expect, it } from "vitest";
import { pnpmEnvironment, readPinnedPnpm } from "../src/pnpm.mjs";
import { readJson } from "../src/root.mjs";

describe("readPinnedPnpm", () => {
  it("reads the version, without and with a hash", () => {
    const sha512 = "0a".repeat(64);
    expect(readPinnedPnpm({ packageManager: "pnpm@12.21.0" })).toEqual({ version: "12.21.0", sha512: null });
    expect(readPinnedPnpm({ packageManager: `pnpm@12.0.0-rc.1+sha512.${sha512}` })).toEqual({
      version: "12.0.0-rc.1",
      sha512,
    });
  });

  it.each([
    undefined,
    "",
    "pnpm",
    "pnpm@12",
    "pnpm@latest",
    "yarn@4.0.0",
    "pnpm@12.1.0+sha1.ab",
    "pnpm@12.1.0 --force",
    12,
  ])("refuses %j and says what belongs there", (packageManager) => {
    expect(() => readPinnedPnpm({ packageManager })).toThrow('packageManager in package.json must be "pnpm@<version>"');
  });

  it("refuses a manifest without the field", () => {
    expect(() => readPinnedPnpm({})).toThrow("not undefined");
    expect(() => readPinnedPnpm(null)).toThrow("not undefined");
  });

  it("reads this workspace's own", () => {
    expect(readPinnedPnpm(readJson("package.json")).version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("pnpmEnvironment", () => {
  it("puts the pinned binary's folder before everything else on PATH, and names PATH once", () => {
    const binary = path.resolve("somewhere", "pnpm");
    const environment = pnpmEnvironment(binary);
    const [[name, value] = ["", ""], ...others] = Object.entries(environment);
    expect(others).toEqual([]);
    expect(name.toUpperCase()).toBe("PATH");
    expect(value.split(path.delimiter)[0]).toBe(path.dirname(binary));
    expect(value.endsWith(process.env[name] ?? "no PATH")).toBe(true);
  });
});
