// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { capture } from "./child.mjs";
import { npmCommand } from "./npm.mjs";
import { readJson, root } from "./root.mjs";
import { quietStep } from "./step.mjs";
import { UserError } from "./user-error.mjs";

/** @typedef {{ version: string, sha512: string | null }} PinnedPnpm the hash is lower-case hex, as corepack writes it */

/**
 * Gives the pinned pnpm's native binary: from `.cache/`, or from PATH when that one is exactly the pinned version, or
 * fetched with npm into `.cache/`.
 *
 * @returns {Promise<string>} absolute path
 * @throws {UserError} when it cannot be fetched, or is not what the pin's hash says
 */
export async function ensurePnpm() {
  const pinned = readPinnedPnpm(readJson("package.json"));
  const folder = path.join(root, ".cache", "pnpm", pinned.version);
  const cached = binaryIn(folder);
  if (existsSync(cached)) {
    return cached;
  }
  return pnpmOnPath(pinned.version) ?? (await fetchPnpm(pinned, folder));
}

/**
 * Reads the pin, `pnpm@<version>` with an optional `+sha512.<hex>`, from the root manifest's `packageManager` field.
 *
 * @param {unknown} manifest
 * @returns {PinnedPnpm}
 * @throws {UserError} when the field is missing or has another form
 */
export function readPinnedPnpm(manifest) {
  const field =
    typeof manifest === "object" && manifest !== null && "packageManager" in manifest
      ? manifest.packageManager
      : undefined;
  const match =
    typeof field === "string" ? /^pnpm@(\d+\.\d+\.\d+(?:-[\w.]+)?)(?:\+sha512\.([0-9a-f]{128}))?$/.exec(field) : null;
  if (match?.[1] === undefined) {
    throw new UserError(
      `packageManager in package.json must be "pnpm@<version>", optionally with "+sha512.<hex>", not ${JSON.stringify(field)}.`,
    );
  }
  return { version: match[1], sha512: match[2] ?? null };
}

/**
 * The environment in which pnpm, and turbo that starts pnpm by name, run the pinned binary and keep quiet about others.
 *
 * @param {string} pnpm absolute path of the binary
 * @returns {Record<string, string>}
 */
export function pnpmEnvironment(pnpm) {
  // Windows spells it Path; a second PATH beside it would be ignored.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return { [name]: [path.dirname(pnpm), process.env[name] ?? ""].join(path.delimiter) };
}

/**
 * @param {PinnedPnpm} pinned
 * @param {string} folder
 * @returns {Promise<string>}
 */
async function fetchPnpm(pinned, folder) {
  // Built beside its place and moved there when complete, so that an interrupted fetch leaves nothing half done.
  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  writeFileSync(path.join(building, "package.json"), '{ "private": true }\n');
  try {
    const npm = npmCommand([
      "install",
      `pnpm@${pinned.version}`,
      // Newer npm refuses install scripts and older ones run them: its one script is run below in either case.
      "--ignore-scripts",
      "--include=optional",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--no-update-notifier",
      "--loglevel=error",
    ]);
    const fetched = await quietStep(`fetch pnpm ${pinned.version}`, { ...npm, cwd: building });
    if (fetched.code !== 0) {
      throw new UserError(
        `npm could not fetch pnpm ${pinned.version}: the reason is above. Is the npm registry reachable?`,
      );
    }
    if (pinned.sha512 !== null) {
      verifyHash(building, pinned.sha512);
    }
    const linked = await capture({
      file: process.execPath,
      args: [path.join("node_modules", "pnpm", "install.js")],
      cwd: building,
    });
    if (linked.code !== 0) {
      throw new UserError(`pnpm ${pinned.version} was fetched but does not run here: ${linked.output.trim()}`);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return binaryIn(folder);
}

/**
 * npm has already checked the archive against the registry's own hash, which it notes in its hidden lockfile; here that
 * hash is held against the pin.
 *
 * @param {string} folder
 * @param {string} sha512
 */
function verifyHash(folder, sha512) {
  const lockfile = JSON.parse(readFileSync(path.join(folder, "node_modules", ".package-lock.json"), "utf8"));
  const integrity = lockfile?.packages?.["node_modules/pnpm"]?.integrity;
  const expected = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
  if (integrity !== expected) {
    throw new UserError(
      `The registry's pnpm is not the pinned one: package.json says ${expected}, it has ${integrity}.`,
    );
  }
}

/**
 * @param {string} version
 * @returns {string | undefined}
 */
function pnpmOnPath(version) {
  const name = process.platform === "win32" ? "pnpm.exe" : "pnpm";
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    if (folder === "" || !existsSync(file)) {
      continue;
    }
    try {
      // Outside the repository, where no pin makes pnpm switch to another version of itself.
      const found = execFileSync(file, ["--version"], {
        cwd: os.tmpdir(),
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      return found.trim() === version ? file : undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** @param {string} folder */
function binaryIn(folder) {
  return path.join(folder, "node_modules", "pnpm", process.platform === "win32" ? "pnpm.exe" : "pnpm");
}
