import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { locatePlugin, readPluginManifest, startPlugin } from "@framewright/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { framewright } from "../src/build-plugin.js";
import { markdownExamples } from "../src/markdown-examples.js";

// Inside this package, so that an example's imports are found in its node_modules.
const cache = fileURLToPath(new URL("../.cache", import.meta.url));
const folder = join(cache, "examples");

/** A page's example, or a plugin whose files a page shows, and where it is written. */
interface WrittenExample {
  readonly name: string;
  /** The module to run, or the plugin's folder. */
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}

const examples = markdownExamples().map((example) => {
  const name = `${example.page}:${example.line}`;
  return { ...example, name, path: join(folder, name.replaceAll(/[^\w]+/g, "-")) };
});
const servesPlugin = (code: string): boolean => code.includes("await serve(");
const programs = examples
  .filter(({ code }) => !servesPlugin(code))
  .map(
    ({ name, path, code }): WrittenExample => ({ name, path: `${path}.ts`, files: new Map([[`${path}.ts`, code]]) }),
  );
const plugins = examples
  .filter(({ code }) => servesPlugin(code))
  .map(({ name, path, code, files }): WrittenExample => {
    const shown = files.get("backend/main.ts") === code ? files : filesAround(code);
    return { name, path, files: new Map([...shown].map(([file, content]) => [join(path, file), content])) };
  });

/** What a plugin's folder needs beside a backend that stands alone on its page. */
function filesAround(code: string): Map<string, string> {
  const id = /pluginId: "([^"]+)"/.exec(code)?.[1] ?? "";
  const manifest = { id, type: "datasource", name: id, backend: true, executable: "gpx_example" };
  return new Map([
    ["backend/main.ts", code],
    ["src/plugin.json", JSON.stringify(manifest)],
  ]);
}

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  // Where the tsconfig.json that a page shows for a folder of plugins/ looks for it.
  const base = { extends: "../../../tsconfig.base.json" };
  const files = new Map([[join(cache, "tsconfig.base.json"), JSON.stringify(base)]]);
  const options = { extends: "../tsconfig.base.json", compilerOptions: { noEmit: true }, include: ["**/*.ts"] };
  files.set(join(folder, "tsconfig.json"), JSON.stringify(options));
  for (const [file, content] of [...files, ...[...programs, ...plugins].flatMap((example) => [...example.files])]) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("there are examples of both kinds, and a plugin with all its files", () => {
  expect(programs.length).toBeGreaterThan(0);
  expect(plugins.length).toBeGreaterThan(0);
  expect(plugins.some(({ path, files }) => files.has(join(path, "package.json")))).toBe(true);
});

test("all have the right types", async () => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch((error) => error);
  expect(stdout).toBe("");
});

describe("examples that are programs run to their end", () => {
  test.each(programs)("$name", async ({ path }) => {
    await import(path);
  });
});

describe("examples that are plugins are built, started and asked", () => {
  test.each(plugins)("$name", async ({ path }) => {
    await promisify(execFile)(process.execPath, [framewright, "build", path]);
    const { manifest } = await readPluginManifest(join(path, "src", "plugin.json"));
    const { executable } = await locatePlugin(join(path, "dist"));
    await using running = await startPlugin({ executable });
    const context = { pluginId: manifest.id, dataSource: { uid: "a", name: "A" } };
    expect(await running.checkHealth(context)).toMatchObject({ status: "ok" });
    const timeRange = { from: new Date(0), to: new Date(60_000) };
    const answers = await running.queryData({ context, queries: [{ refId: "A", json: {}, timeRange }] });
    expect(answers.get("A")).toMatchObject({ status: 200, error: undefined });
    expect(answers.get("A")?.frames[0]?.length).toBeGreaterThan(0);
  });
});
