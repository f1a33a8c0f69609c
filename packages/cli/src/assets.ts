import type { Stats } from "node:fs";
import { copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { codeOf } from "./failure.js";
import type { PlaceholderValues } from "./placeholders.js";
import { replacePlaceholders } from "./placeholders.js";

/** What {@link copyAssets} did. */
export interface CopiedAssets {
  /** Names below the output folder; a folder's with its number of files, such as `img/ (3 files)`. */
  readonly copied: readonly string[];
  /** What an installed plugin usually has and this one has not. */
  readonly missing: readonly string[];
}

/**
 * Copies what stands beside the binary in an installed plugin, from the places where Grafana's frontend build finds it:
 * `src/plugin.json`, `src/img/**`, `README.md` (one in `src/` comes first), `CHANGELOG.md` and `LICENSE`, the last also from
 * the root of the workspace. Files are written over; nothing is removed, since the frontend's build writes here too.
 *
 * @param folder the plugin's folder.
 * @param output where an installable plugin is put together; it exists.
 */
export async function copyAssets(folder: string, output: string, values: PlaceholderValues): Promise<CopiedAssets> {
  const copied: string[] = [];
  const missing: string[] = [];

  const filled: [name: string, candidates: string[]][] = [
    ["plugin.json", [join(folder, "src", "plugin.json")]],
    ["README.md", [join(folder, "src", "README.md"), join(folder, "README.md")]],
  ];
  for (const [name, candidates] of filled) {
    const source = await firstFile(candidates);
    if (source === undefined) {
      missing.push(name);
      continue;
    }
    const text = replacePlaceholders(await readFile(source, "utf8"), values, relative(folder, source));
    await writeFile(join(output, name), text);
    copied.push(name);
  }

  const root = await workspaceRoot(folder);
  const plain: string[][] = [
    [join(folder, "CHANGELOG.md")],
    [join(folder, "LICENSE"), ...(root === undefined ? [] : [join(root, "LICENSE")])],
  ];
  for (const candidates of plain) {
    const source = await firstFile(candidates);
    const name = basename(candidates[0] ?? "");
    if (source === undefined) {
      missing.push(name);
      continue;
    }
    await copyFile(source, join(output, name));
    copied.push(name);
  }

  const images = join(folder, "src", "img");
  const count = await countFiles(images);
  if (count === 0) missing.push("img/");
  else {
    await mkdir(join(output, "img"), { recursive: true });
    await cp(images, join(output, "img"), { recursive: true });
    copied.push(`img/ (${count} ${count === 1 ? "file" : "files"})`);
  }
  return { copied, missing };
}

async function firstFile(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    if (await isFile(candidate)) return candidate;
  }
  return undefined;
}

/** Whether `path` is a file; false where there is nothing. */
export async function isFile(path: string): Promise<boolean> {
  return (await statusOf(path))?.isFile() ?? false;
}

/** Whether `path` is a folder; false where there is nothing. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statusOf(path))?.isDirectory() ?? false;
}

async function statusOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

async function countFiles(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
}

/** The nearest folder at or above `folder` that is a repository or a pnpm workspace. */
async function workspaceRoot(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const names: readonly string[] = await readdir(at).catch(() => []);
    if (names.includes(".git") || names.includes("pnpm-workspace.yaml")) return at;
    if (dirname(at) === at) return undefined;
  }
}
