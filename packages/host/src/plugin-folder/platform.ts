import { PluginFolderError } from "./plugin-folder-error.js";

/** Operating systems as Go, and so Grafana, names them. */
export type GrafanaOs = "linux" | "darwin" | "windows";

/** Processor architectures as Go, and so Grafana, names them. */
export type GrafanaArch = "amd64" | "arm64";

/** A platform that plugin binaries are built for. */
export interface Platform {
  /** The operating system, by Go's name for it. */
  readonly os: GrafanaOs;
  /** The processor, by Go's name for it. */
  readonly arch: GrafanaArch;
}

/** Every platform that a binary can be built for. */
export const platforms: readonly Platform[] = [
  { os: "linux", arch: "amd64" },
  { os: "linux", arch: "arm64" },
  { os: "darwin", arch: "amd64" },
  { os: "darwin", arch: "arm64" },
  { os: "windows", arch: "amd64" },
  { os: "windows", arch: "arm64" },
];

/** `linux-amd64` and the like: how a platform is written on the command line. */
export function platformName(platform: Platform): string {
  return `${platform.os}-${platform.arch}`;
}

/**
 * The platform of a Node.js process, by default this one.
 *
 * @throws PluginFolderError where no plugin binary can be built for it.
 */
export function hostPlatform(nodePlatform: string = process.platform, nodeArch: string = process.arch): Platform {
  const os = nodePlatform === "win32" ? "windows" : nodePlatform;
  const arch = nodeArch === "x64" ? "amd64" : nodeArch;
  const found = platforms.find((platform) => platform.os === os && platform.arch === arch);
  if (found === undefined) {
    throw new PluginFolderError(
      `this machine is ${nodePlatform} ${nodeArch}, and plugin binaries exist for ${platforms.map(platformName).join(", ")}`,
    );
  }
  return found;
}

/**
 * The file name under which Grafana looks for a plugin's binary:
 * `<executable>_<GOOS>_<GOARCH>`, with `.exe` on Windows.
 *
 * Source: `executable` in https://grafana.com/developers/plugin-tools/reference/plugin-json
 */
export function binaryName(executable: string, platform: Platform): string {
  return `${executable}_${platform.os}_${platform.arch}${platform.os === "windows" ? ".exe" : ""}`;
}
