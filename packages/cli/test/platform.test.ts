import { binaryName, hostPlatform, platformName, platforms } from "@framewright/host";
import { describe, expect, it } from "vitest";
import { bunPackageName, bunTarget, findCompiler } from "../src/bun.js";
import { usageFailure } from "../src/failure.js";
import { parsePlatform } from "../src/parse-platform.js";

describe("platforms", () => {
  it("names binaries as Grafana looks for them", () => {
    expect(platforms.map((platform) => binaryName("gpx_csv", platform))).toEqual([
      "gpx_csv_linux_amd64",
      "gpx_csv_linux_arm64",
      "gpx_csv_darwin_amd64",
      "gpx_csv_darwin_arm64",
      "gpx_csv_windows_amd64.exe",
      "gpx_csv_windows_arm64.exe",
    ]);
  });

  it("knows Bun's names for all of them", () => {
    expect(platforms.map((platform) => [bunPackageName(platform), bunTarget(platform)])).toEqual([
      ["@oven/bun-linux-x64", "bun-linux-x64"],
      ["@oven/bun-linux-aarch64", "bun-linux-arm64"],
      ["@oven/bun-darwin-x64", "bun-darwin-x64"],
      ["@oven/bun-darwin-aarch64", "bun-darwin-arm64"],
      ["@oven/bun-windows-x64", "bun-windows-x64"],
      ["@oven/bun-windows-aarch64", "bun-windows-arm64"],
    ]);
  });

  it("takes the musl package on Linux alone", () => {
    expect(bunPackageName({ os: "linux", arch: "arm64" }, true)).toBe("@oven/bun-linux-aarch64-musl");
    expect(bunPackageName({ os: "darwin", arch: "arm64" }, true)).toBe("@oven/bun-darwin-aarch64");
  });

  it.each([
    ["linux", "x64", "linux-amd64"],
    ["darwin", "arm64", "darwin-arm64"],
    ["win32", "x64", "windows-amd64"],
  ])("reads Node's %s %s as %s", (nodePlatform, nodeArch, name) => {
    expect(platformName(hostPlatform(nodePlatform, nodeArch))).toBe(name);
  });

  it("refuses a machine without binaries", () => {
    expect(() => hostPlatform("freebsd", "x64")).toThrow(/freebsd x64.*linux-amd64/);
  });

  it("reads back every name and lists them for a wrong one", () => {
    for (const platform of platforms) expect(parsePlatform(platformName(platform))).toEqual(platform);
    expect(() => parsePlatform("linux-x64")).toThrow(
      usageFailure(
        'unknown target "linux-x64": use one of linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, windows-amd64, windows-arm64',
      ),
    );
  });

  it("says which package is missing and what brings it", () => {
    expect(() => findCompiler(() => undefined)).toThrow(/package @oven\/bun-\S+ is not installed.*optional dependency/);
  });
});
