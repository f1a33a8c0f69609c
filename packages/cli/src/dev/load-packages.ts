import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A package's module that was loaded, and the state of its file then. */
export interface LoadedModule {
  readonly path: string;
  readonly changedMs: number;
}

/**
 * Loads what the sources in a folder import of packages. What cannot be loaded is left to the sources themselves.
 *
 * @param first loaded before all others, where it is imported: the SDK, which keeps stdout free of what others print
 */
export async function loadPackages(folder: string, first: string): Promise<LoadedModule[]> {
  const urls = [...(await importedPackages(folder))].sort(
    (a, b) => Number(b.includes(first)) - Number(a.includes(first)),
  );
  const loaded: LoadedModule[] = [];
  for (const url of urls) {
    try {
      const path = fileURLToPath(url);
      const changedMs = (await stat(path)).mtimeMs;
      await import(url);
      loaded.push({ path, changedMs });
    } catch {
      // A package of types alone, or one that is broken: the sources will say so.
    }
  }
  return loaded;
}

/** Whether a module's file is no longer the one that was loaded. */
export async function hasChanged({ path, changedMs }: LoadedModule): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs !== changedMs,
    () => true,
  );
}

async function importedPackages(folder: string): Promise<Set<string>> {
  const urls = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    for (const specifier of packagesIn(await readFile(path, "utf8"))) {
      try {
        urls.add(import.meta.resolve(specifier, pathToFileURL(path).href));
      } catch {
        // Not installed: the sources will say so.
      }
    }
  }
  return urls;
}

/** What a source imports of packages; types, which need no loading, and what a text only looks like may be among it. */
export function packagesIn(source: string): string[] {
  const imports = source.matchAll(
    /^\s*(?:import|export)\b(?! type\b)[^"';]*["']([^"']+)["']|\}\s*from\s*["']([^"']+)["']/gm,
  );
  const specifiers = [...imports].map(([, whole, end]) => whole ?? end ?? "");
  return specifiers.filter((specifier) => /^(?!node:|bun:)[@\w]/.test(specifier));
}
