import { readFile, realpath } from "node:fs/promises";
import { dirname, extname, isAbsolute, join, sep } from "node:path";
import { bunApi } from "./bun-api.js";

/**
 * The packages' modules that a program's own sources import at its start, in the order in which they are come upon. Sources that
 * the program does not reach count for nothing, and neither do imports that are made later, by `import()`.
 *
 * @param entry absolute path of the program's main module
 * @returns absolute paths without links
 */
export async function importedPackages(entry: string): Promise<readonly string[]> {
  const packages = new Set<string>();
  // The set grows while it is gone through.
  const sources = new Set([entry]);
  for (const source of sources) {
    for (const specifier of await importsOf(source)) {
      const path = resolve(specifier, dirname(source));
      if (path === undefined) continue;
      if (await isOfPackage(path, specifier, dirname(source))) packages.add(path);
      else sources.add(path);
    }
  }
  return [...packages];
}

/** What is imported at a source's start; nothing where it is no source, or a broken one. */
async function importsOf(source: string): Promise<string[]> {
  if (!/^\.[cm]?[jt]sx?$/.test(extname(source))) return [];
  try {
    const { Transpiler } = bunApi();
    const loader = source.endsWith("x") ? "tsx" : "ts";
    const imports = new Transpiler({ loader, trimUnusedImports: true }).scanImports(await readFile(source, "utf8"));
    return imports.flatMap(({ kind, path }) => (kind === "dynamic-import" ? [] : [path]));
  } catch {
    return [];
  }
}

/** Undefined where it is no file, or not found, which the sources will say themselves. */
function resolve(specifier: string, folder: string): string | undefined {
  try {
    const path = bunApi().resolveSync(specifier, folder);
    return isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** A name can also stand for a source, by the paths of `tsconfig.json`; and a package's folder can be a link to somewhere else. */
async function isOfPackage(path: string, specifier: string, folder: string): Promise<boolean> {
  if (path.includes(`${sep}node_modules${sep}`)) return true;
  const name = /^(?:@[^/]+\/)?[^@./#][^/]*/.exec(specifier)?.[0];
  if (name === undefined) return false;
  for (let above = folder; ; above = dirname(above)) {
    const linked = await realpath(join(above, "node_modules", name)).catch(() => undefined);
    if (linked !== undefined) return path.startsWith(linked + sep);
    if (above === dirname(above)) return false;
  }
}
