import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { locatePlugin, startPlugin } from "@framewright/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { framewright } from "../src/build-plugin.js";
import { markdownExamples } from "../src/markdown-examples.js";

// Inside this package, so that an example's imports are found in its node_modules.
const folder = fileURLToPath(new URL("../.cache/examples", import.meta.url));

beforeAll(() => mkdir(folder, { recursive: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = markdownExamples().map((example) => ({ ...example, name: `${example.page}:${example.line}` }));
const plugins = examples.filter(({ code }) => code.includes("await serve("));
const programs = examples.filter((example) => !plugins.includes(example));

test("there are examples of both kinds", () => {
  expect(programs.length).toBeGreaterThan(0);
  expect(plugins.length).toBeGreaterThan(0);
});

describe("examples that are programs run to their end", () => {
  test.each(programs)("$name", async ({ name, code }) => {
    const path = join(folder, `${name.replaceAll(/[^\w]+/g, "-")}.ts`);
    await writeFile(path, code);
    await import(path);
  });
});

describe("examples that are plugins are built, started and asked", () => {
  test.each(plugins)("$name", async ({ name, code, manifest }) => {
    const plugin = join(folder, name.replaceAll(/[^\w]+/g, "-"));
    const named = /pluginId: "([^"]+)"/.exec(code)?.[1];
    const { id, ...others } =
      named === undefined
        ? JSON.parse(manifest ?? "{}")
        : { id: named, type: "datasource", name: named, backend: true, executable: "gpx_example" };
    await mkdir(join(plugin, "backend"), { recursive: true });
    await mkdir(join(plugin, "src"));
    await writeFile(join(plugin, "backend", "main.ts"), code);
    await writeFile(join(plugin, "src", "plugin.json"), JSON.stringify({ id, ...others }));
    await promisify(execFile)(process.execPath, [framewright, "build", plugin]);
    const { executable } = await locatePlugin(join(plugin, "dist"));
    await using running = await startPlugin({ executable });
    const context = { pluginId: id, dataSource: { uid: "a", name: "A" } };
    expect(await running.checkHealth(context)).toMatchObject({ status: "ok" });
    const timeRange = { from: new Date(0), to: new Date(60_000) };
    const answers = await running.queryData({ context, queries: [{ refId: "A", json: {}, timeRange }] });
    expect(answers.get("A")).toMatchObject({ status: 200, error: undefined });
    expect(answers.get("A")?.frames[0]?.length).toBeGreaterThan(0);
  });
});
