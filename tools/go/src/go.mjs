// @ts-check
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { moduleFolder } from "./module-folder.mjs";

/** The module whose archive is asked for to learn whether Go modules can be had here at all. */
const probedModule = "github.com/grafana/grafana-plugin-sdk-go";

/**
 * Why the Go module cannot be built on this machine: no Go, one that is too old, or modules that are neither in Go's cache
 * nor to be fetched.
 *
 * @returns {string | undefined} undefined when it can be built
 */
export function missingGo() {
  const wanted = requiredVersion();
  const version = go("env", "GOVERSION");
  if (version.error !== undefined) {
    return `Go ${wanted} or newer was not found on PATH (https://go.dev/dl/).`;
  }
  const found = version.stdout.trim();
  if (version.status !== 0 || isOlder(found, wanted)) {
    return `Go ${wanted} or newer is needed: ${version.stderr.trim() || `${found} is on PATH`}.`;
  }
  const fetched = go("mod", "download", probedModule);
  return fetched.status === 0 ? undefined : `Go modules cannot be fetched: ${fetched.stderr.trim()}`;
}

/**
 * Runs Go in the module's folder and collects what it prints.
 *
 * @param {readonly string[]} args
 */
export function go(...args) {
  return spawnSync("go", args, { cwd: moduleFolder, encoding: "utf8", env: goEnvironment(), maxBuffer: 1 << 28 });
}

/** The environment Go runs in: the programs are static, as Grafana's own build makes plugins. */
export function goEnvironment() {
  return { ...process.env, CGO_ENABLED: "0" };
}

/** The `go` line of go.mod. */
function requiredVersion() {
  const version = /^go (\S+)$/m.exec(readFileSync(join(moduleFolder, "go.mod"), "utf8"))?.[1];
  if (version === undefined) {
    throw new Error("tools/go/go.mod has no go line.");
  }
  return version;
}

/**
 * @param {string} found as `go env GOVERSION` prints it: go1.26.5, go1.27rc1
 * @param {string} wanted as go.mod has it: 1.26.5
 */
function isOlder(found, wanted) {
  const numbers = (/** @type {string} */ version) => version.match(/\d+/g)?.map(Number) ?? [];
  const [have, want] = [numbers(found), numbers(wanted)];
  const at = want.findIndex((number, index) => (have[index] ?? 0) !== number);
  return at >= 0 && (have[at] ?? 0) < (want[at] ?? 0);
}
