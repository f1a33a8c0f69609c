import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { hostPlatform, type Platform, platformName } from "@framewright/host";
import { Failure } from "./failure.js";

/**
 * The name of the npm package that holds Bun for a platform. `musl` asks for the one that runs where the C
 * library is musl, as on Alpine Linux.
 */
export function bunPackageName(platform: Platform, musl = false): string {
  const arch = platform.arch === "amd64" ? "x64" : "aarch64";
  return `@oven/bun-${platform.os}-${arch}${platform.os === "linux" && musl ? "-musl" : ""}`;
}

/**
 * What `bun build --target` calls a platform. On Linux it is always the glibc build, on whatever machine the
 * compiler runs: Grafana's own image carries glibc's libraries beside musl, and not the libstdc++ that Bun's musl build needs.
 */
export function bunTarget(platform: Platform): string {
  return `bun-${platform.os}-${platform.arch === "amd64" ? "x64" : "arm64"}`;
}

/** Whether this process runs on Linux with another C library than glibc. */
function isMusl(): boolean {
  if (process.platform !== "linux") return false;
  const report: unknown = process.report.getReport();
  if (typeof report !== "object" || report === null || !("header" in report)) return false;
  const { header } = report;
  return typeof header === "object" && header !== null && !("glibcVersionRuntime" in header);
}

/** The path of Bun's executable for `platform` where its npm package is installed, else undefined. */
export function findInstalledBun(platform: Platform, musl = false): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${bunPackageName(platform, musl)}/package.json`);
    return join(dirname(manifest), "bin", platform.os === "windows" ? "bun.exe" : "bun");
  } catch {
    return undefined;
  }
}

/**
 * The path of the Bun executable that compiles on this machine.
 *
 * @param find how installed packages are looked for.
 * @throws Failure naming the missing package and what brings it.
 */
export function findCompiler(find: typeof findInstalledBun = findInstalledBun): string {
  const platform = hostPlatform();
  const musl = isMusl();
  const found = find(platform, musl);
  if (found === undefined) {
    throw new Failure(
      `the compiler's package ${bunPackageName(platform, musl)} is not installed for ${platformName(platform)}. ` +
        "It is an optional dependency of @framewright/cli: install again without leaving out optional dependencies " +
        "(npm: no --omit=optional, pnpm: no --no-optional), on the machine that runs the build.",
    );
  }
  return found;
}
