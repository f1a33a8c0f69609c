import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { binaryName, isRunning, type Platform, platformName, readPluginManifest } from "@framewright/host";
import type { CopiedAssets } from "./assets.js";
import { copyAssets, isFile } from "./assets.js";
import { bakedInfo } from "./baked-info.js";
import { findCompiler } from "./bun.js";
import { compile } from "./compile.js";
import { codeOf, Failure, messageOf, usageFailure } from "./failure.js";
import { isObject } from "./json-object.js";
import { buildDay, replacePlaceholders } from "./placeholders.js";

/** What to build. */
export interface BuildOptions {
  /** The plugin's folder, with `src/plugin.json` and `backend/main.ts` in it. */
  readonly folder: string;
  /** One binary for each. */
  readonly targets: readonly Platform[];
  /** Stops the build; `dist/` then stays as it was. */
  readonly signal?: AbortSignal;
  /** Called with the platform that is being compiled. */
  readonly onStart?: (platform: Platform) => void;
  /** Called with each binary that has been compiled, before it is in its place. */
  readonly onBinary?: (binary: BuiltBinary) => void;
}

/** One compiled binary. */
export interface BuiltBinary {
  /** File name in `dist/`. */
  readonly name: string;
  readonly platform: Platform;
  readonly bytes: number;
  /** Time that compiling took, in milliseconds. */
  readonly ms: number;
  /** What the compiler warned of, empty in most cases. */
  readonly warnings: string;
}

/** What was built. */
export interface BuildResult {
  readonly pluginId: string;
  /** Absolute path of the folder that Grafana can load. */
  readonly dist: string;
  readonly binaries: readonly BuiltBinary[];
  readonly assets: CopiedAssets;
}

const entry = "backend/main.ts";
const workPrefix = ".framewright-build-";

/**
 * Builds a plugin into `dist/` as Grafana installs it: the binaries, plugin.json and what belongs to it.
 *
 * Binaries are compiled under a temporary name and moved when all have succeeded, so a build that fails or is stopped
 * leaves `dist/` as it was. What others put into `dist/`, such as the frontend's module.js, is not touched.
 *
 * @throws Failure saying what is wrong with the plugin's folder or its source.
 */
export async function buildPlugin(options: BuildOptions): Promise<BuildResult> {
  const folder = resolve(options.folder);
  const manifestPath = join(folder, "src", "plugin.json");
  await checkFolder(folder);
  const { manifest, text } = await readPluginManifest(manifestPath);
  if (!(await isFile(join(folder, entry)))) {
    throw new Failure(`${join(folder, entry)} does not exist: it is where a plugin's backend starts`);
  }
  const values = {
    pluginId: manifest.id,
    version: await packageVersion(join(folder, "package.json")),
    today: buildDay(process.env["SOURCE_DATE_EPOCH"]),
  };
  const buildInfo = JSON.stringify(bakedInfo(values, process.env));
  // Before the long work rather than after it: an error here is the plugin's, too.
  replacePlaceholders(text, values, manifestPath);
  const compiler = findCompiler();

  const dist = join(folder, "dist");
  const work = join(dist, `${workPrefix}${process.pid}`);
  await mkdir(dist, { recursive: true });
  await removeAbandoned(dist);
  await mkdir(work);
  try {
    const binaries: BuiltBinary[] = [];
    for (const platform of options.targets) {
      options.onStart?.(platform);
      const name = binaryName(manifest.executable, platform);
      const outfile = join(work, name);
      const started = performance.now();
      const signal = options.signal;
      const warnings = await compile({
        compiler,
        folder,
        entry,
        outfile,
        platform,
        buildInfo,
        ...(signal ? { signal } : {}),
      });
      const { size } = await stat(outfile);
      const binary = { name, platform, bytes: size, ms: performance.now() - started, warnings };
      binaries.push(binary);
      options.onBinary?.(binary);
    }
    options.signal?.throwIfAborted();
    for (const { name } of binaries) await moveBinary(join(work, name), join(dist, name));
    const assets = await copyAssets(folder, dist, values);
    return { pluginId: manifest.id, dist, binaries, assets };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw usageFailure(`${folder} does not exist`);
  if (!found.isDirectory()) throw usageFailure(`${folder} is not a folder`);
}

/** The version in a package.json; undefined without a file or without a version. */
async function packageVersion(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path} is not JSON: ${messageOf(error)}`);
  }
  const version = isObject(json) ? json["version"] : undefined;
  if (version === undefined) return undefined;
  // Grafana compares versions, and the text is put into plugin.json as it is.
  if (typeof version !== "string" || !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Failure(`${path}: "version" is ${JSON.stringify(version)}, not a version such as "1.2.3"`);
  }
  return version;
}

async function moveBinary(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = codeOf(error);
    const running = code === "EPERM" || code === "EBUSY" || code === "EACCES";
    const hint = running ? " If Grafana runs it, stop Grafana first." : "";
    throw new Failure(`${to} cannot be replaced: ${messageOf(error)}.${hint}`);
  }
}

/** Removes the work folders of builds whose process is gone, such as one that was killed. */
async function removeAbandoned(dist: string): Promise<void> {
  for (const name of await readdir(dist)) {
    if (!name.startsWith(workPrefix)) continue;
    const pid = Number(name.slice(workPrefix.length));
    if (pid === process.pid || !isRunning(pid)) await rm(join(dist, name), { recursive: true, force: true });
  }
}

/** The platforms of `--target` and `--all`, each once, in the order given. */
export function uniqueTargets(targets: readonly Platform[]): Platform[] {
  return [...new Map(targets.map((target) => [platformName(target), target])).values()];
}
