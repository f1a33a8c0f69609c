import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Paths of the modules that are in a bundle's file, and in those that it imports before it runs. */
export async function modulesOfStart(outdir: string, file: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) {
    return [];
  }
  seen.add(file);
  const { sources }: { sources: string[] } = JSON.parse(await readFile(join(outdir, `${file}.map`), "utf8"));
  const code = await readFile(join(outdir, file), "utf8");
  // `import … from "./x.js"` and `import "./x.js"`, but not `import("./x.js")`.
  const imports = [...code.matchAll(/^(?:import|export)\b[^"(]*?"\.\/([^"]+\.js)"/gm)];
  const further = await Promise.all(imports.map(([, name = ""]) => modulesOfStart(outdir, name, seen)));
  return [...sources, ...further.flat()];
}
