import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The programs of tools/go, each made with Grafana's official Go SDK, go-plugin's own client or what else Go has to test with. */
export type GoTool = "descriptors" | "frames" | "h2spec" | "host" | "metrics";

/** Why tests that need the Go programs cannot run here; `undefined` when they can. */
export function missingGo(): string | undefined {
  return existsSync(goTool("frames"))
    ? undefined
    : "tools/go/bin is not there, because its build found no Go that is new enough; `npm test -- --only go` says what is missing";
}

/** The path of a program of tools/go. */
function goTool(name: GoTool): string {
  const extension = process.platform === "win32" ? ".exe" : "";
  return fileURLToPath(new URL(`../../go/bin/${name}${extension}`, import.meta.url));
}

/** The plugin that is made with the official SDK, as Grafana would install it. */
export const goPluginDist = fileURLToPath(new URL("../../go/bin/go-plugin/dist", import.meta.url));

/** Runs a program of tools/go and gives the bytes it prints. */
export async function runGoTool(name: GoTool, ...args: string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(goTool(name), args, { encoding: "buffer", maxBuffer: 1 << 28 });
  return stdout;
}
