// @ts-check
// Builds every program under cmd/ into bin/, the plugin there as Grafana would install it. Without Go it says so and leaves no
// bin/ behind: what needs the programs is then skipped, which CI does not accept.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { go, goEnvironment, missingGo } from "./go.mjs";
import { moduleFolder } from "./module-folder.mjs";

const bin = join(moduleFolder, "bin");
const pluginFolder = join(bin, "go-plugin", "dist");

const reason = missingGo();
if (reason === undefined) {
  process.exitCode = build();
} else {
  rmSync(bin, { recursive: true, force: true });
  const ci = !["", "0", "false"].includes(process.env["CI"] ?? "");
  console.error(
    `NOT BUILT: the programs of tools/go, so what is compared with the official Go SDK is skipped: ${reason}`,
  );
  process.exitCode = ci ? 1 : 0;
}

/** @returns {number} exit code */
function build() {
  const [os = "", arch = "", extension = ""] = go("env", "GOOS", "GOARCH", "GOEXE").stdout.split(/\r?\n/);
  const programs = readdirSync(join(moduleFolder, "cmd"));
  const files = new Map(programs.map((program) => [program, join(bin, `${program}${extension}`)]));
  files.set("plugin", join(pluginFolder, `gpx_go_${os}_${arch}${extension}`));
  removeOthers(["go-plugin", ...programs.filter((name) => name !== "plugin").map((name) => `${name}${extension}`)]);
  console.log("go build; the first time Go fetches and compiles its modules, which takes a minute or two");
  for (const [program, file] of files) {
    const started = Date.now();
    // As Grafana's own build does it: static, without symbols.
    const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", file, `./cmd/${program}`];
    const { status, error } = spawnSync("go", args, { cwd: moduleFolder, env: goEnvironment(), stdio: "inherit" });
    if (error !== undefined) {
      throw error;
    }
    if (status !== 0) {
      return status ?? 1;
    }
    console.log(`built ${program} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  copyFileSync(join(moduleFolder, "cmd", "plugin", "plugin.json"), join(pluginFolder, "plugin.json"));
  return 0;
}

/**
 * Removes from bin/ what an earlier state of cmd/ left there.
 *
 * @param {readonly string[]} names what stays
 */
function removeOthers(names) {
  mkdirSync(bin, { recursive: true });
  for (const file of readdirSync(bin)) {
    if (!names.includes(file)) {
      rmSync(join(bin, file), { recursive: true });
    }
  }
}
