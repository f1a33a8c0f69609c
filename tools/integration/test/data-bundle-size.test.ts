import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleForBrowser } from "@framewright/cli/compiler";
import { encodeArrow, frame, numbers, times } from "@framewright/data";
import { expect, test } from "vitest";
import { temporaryFolder } from "../src/temporary-folder.js";

/** By how much a size may differ from the README's before that must be written anew. */
const TOLERANCE = 0.05;

const readme = new URL("../../../packages/data/README.md", import.meta.url);
const resolve = createRequire(import.meta.url).resolve;

/** The entry points of the package, and what is imported of them, as the README's table names it. */
const imports = [
  { named: "everything of `@framewright/data`", from: "@framewright/data", what: "*" },
  {
    named: "`frame`, `times`, `numbers`, `encodeArrow`",
    from: "@framewright/data",
    what: "{ frame, times, numbers, encodeArrow }",
  },
  { named: "everything of `@framewright/data/csv`", from: "@framewright/data/csv", what: "*" },
];

/** Sizes in kB, as the README gives them. */
interface Sizes {
  readonly minified: number;
  readonly gzipped: number;
}

test.each(imports)("the README gives the size of $named in a browser", async ({ named, from, what }) => {
  await using folder = await temporaryFolder();
  const bundle = await bundleOf(folder.path, from, what);
  const measured = { minified: bundle.length / 1e3, gzipped: gzipSync(bundle, { level: 9 }).length / 1e3 };
  const stated = await statedSizes(named);
  const shown = `measured ${measured.minified.toFixed(1)} kB, ${measured.gzipped.toFixed(1)} kB with gzip`;
  expect(Math.abs(measured.minified / stated.minified - 1), shown).toBeLessThan(TOLERANCE);
  expect(Math.abs(measured.gzipped / stated.gzipped - 1), shown).toBeLessThan(TOLERANCE);
});

test("the bundle needs nothing of Node, and does what the package does", async () => {
  await using folder = await temporaryFolder();
  const bundle = await bundleOf(folder.path, "@framewright/data", "*");
  expect(bundle.toString()).not.toMatch(/\bimport\b\s*[{*"'(]|\brequire\(|\bprocess\b|\bBuffer\b/);
  const bundled: typeof import("@framewright/data") = await import(pathToFileURL(join(folder.path, "bundle.mjs")).href);
  const bytes = bundled.encodeArrow(
    bundled.frame("f", { time: bundled.times([0, 1]), value: bundled.numbers([1.5, null]) }),
  );
  expect(bytes).toEqual(encodeArrow(frame("f", { time: times([0, 1]), value: numbers([1.5, null]) })));
});

/** Bundles an import of the package as a browser would load it. */
async function bundleOf(folder: string, from: string, what: string): Promise<Buffer> {
  const entry = join(folder, "entry.mjs");
  const bundle = join(folder, "bundle.mjs");
  await writeFile(entry, `export ${what} from ${JSON.stringify(resolve(from))};\n`);
  await bundleForBrowser(entry, bundle);
  return await readFile(bundle);
}

/** The sizes in the README's table. */
async function statedSizes(named: string): Promise<Sizes> {
  const lines = (await readFile(readme, "utf8")).split("\n");
  const cells = lines.map((line) => line.split("|").map((cell) => cell.trim())).find(([, first]) => first === named);
  const [, , minified, gzipped] = cells ?? [];
  return { minified: Number.parseFloat(minified ?? ""), gzipped: Number.parseFloat(gzipped ?? "") };
}
