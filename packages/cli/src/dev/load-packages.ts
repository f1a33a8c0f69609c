import { createRequire } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { filesAsOf } from "./files-as-of.js";
import { importedPackages } from "./imported-packages.js";

/** By which it is decided where an import leads. */
const RESOLUTION_FILES = ["package.json", "tsconfig.json", "jsconfig.json"];

/**
 * Loads the packages that a program's sources import at its start. What cannot be loaded is left to the sources themselves.
 *
 * @param entry absolute path of the program's main module
 * @param first loaded before all others, where it is imported: the SDK, which keeps stdout free of what others print
 * @returns whether something of what was loaded, with all that it imports itself, has changed since
 */
export async function loadPackages(entry: string, first: string): Promise<() => boolean> {
  const since = Date.now();
  const urls = (await importedPackages(entry)).map((path) => pathToFileURL(path).href);
  urls.sort((a, b) => Number(b.includes(first)) - Number(a.includes(first)));
  for (const url of urls) {
    try {
      await import(url);
    } catch {
      // A broken package: the sources will say so.
    }
  }
  const loaded = loadedFiles();
  const folders = new Set([entry, ...loaded].flatMap(foldersAbove));
  const deciding = [...folders].flatMap((folder) => RESOLUTION_FILES.map((name) => join(folder, name)));
  return filesAsOf([...loaded, ...deciding], since);
}

/** Every module of this process, of which the runtime's list holds those that are ES modules too. */
function loadedFiles(): string[] {
  return Object.keys(createRequire(import.meta.url).cache).filter((path) => isAbsolute(path));
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}
