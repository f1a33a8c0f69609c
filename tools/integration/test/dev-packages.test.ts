import { access, mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Dev } from "../src/run-dev.js";

let dev: Dev;

beforeEach(async () => {
  dev = new Dev();
  await dev.copy();
});

afterEach(async () => dev[Symbol.asyncDispose]());

/** How long the next process may take to load the packages, in ms. A test that is too quick for it tests less, and does not fail. */
const PREPARED_MS = 3_000;

async function start(): Promise<void> {
  dev.run();
  await dev.shows(/started in \d/);
}

/** Has the health check say what an expression of the data source's module is, which may begin with an import. */
async function say(expression: string, imports = ""): Promise<void> {
  await dev.edit("`The folder can be read.", `\`\${${expression}}.`);
  await dev.edit("import ", `${imports}\nimport `);
}

async function expectSaid(pattern: RegExp): Promise<void> {
  dev.type("health");
  await dev.shows(pattern);
}

/** Saves a source without a change of what it does. */
const save = (): Promise<void> => dev.edit("export const dataSource", "// saved\nexport const dataSource");

test.runIf(process.platform === "linux")("a save is served by the process that was started ahead", async () => {
  await say("process.pid");
  await start();
  // What has become the plugin still has the command line of one that waits.
  let served: number | undefined;
  const waiting = (): readonly number[] => dev.processes().ahead.filter((pid) => pid !== served);
  for (const _round of [1, 2]) {
    await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(1);
    [served] = waiting();
    await save();
    await dev.shows(/started anew in \d/);
    await expectSaid(new RegExp(`ok: ${served}\\.`));
  }
});

test("sources that are imported by the paths of tsconfig.json are not loaded ahead", async () => {
  await dev.write("tsconfig.json", JSON.stringify({ compilerOptions: { paths: { "@/*": ["./backend/*"] } } }));
  await dev.edit('"./data-source.js"', '"@/data-source.ts"', "backend/main.ts");
  await dev.write("backend/words.ts", 'export const words = "one";');
  await say("words", 'import { words } from "./words.ts";');
  await start();
  await expectSaid(/ok: one\./);
  for (const words of ["two", "three"]) {
    await setTimeout(PREPARED_MS);
    await dev.write("backend/words.ts", `export const words = "${words}";`);
    await dev.shows(/started anew in \d/);
    await expectSaid(new RegExp(`ok: ${words}\\.`));
  }
});

test("paths of tsconfig.json that have changed lead elsewhere", async () => {
  const lead = (folder: string): Promise<void> =>
    dev.write("tsconfig.json", JSON.stringify({ compilerOptions: { paths: { "@/*": [`./${folder}/*`] } } }));
  await lead("here");
  await dev.write("here/words.ts", 'export const words = "here";');
  await dev.write("there/words.ts", 'export const words = "there";');
  await say("words", 'import { words } from "@/words.js";');
  await start();
  await expectSaid(/ok: here\./);
  await setTimeout(PREPARED_MS);
  await lead("there");
  await save();
  await dev.shows(/started anew in \d/);
  await expectSaid(/ok: there\./);
});

test.each([
  ["in node_modules", false],
  ["a link to a folder of the workspace", true],
])("a package's module that its entry hands on is loaded anew when it has changed: %s", async (_where, isLinked) => {
  const folder = isLinked ? "../dev-plugin/packages/greeting" : "node_modules/greeting";
  await dev.write(`${folder}/package.json`, JSON.stringify({ type: "module", exports: "./index.js" }));
  await dev.write(`${folder}/index.js`, 'export { greeting } from "./deep/greeting.js";');
  const greet = (text: string): Promise<void> =>
    dev.write(`${folder}/deep/greeting.js`, `export const greeting = ${JSON.stringify(text)};`);
  await greet("hello");
  if (isLinked) {
    await mkdir(join(dev.folder, "node_modules"));
    await symlink(join(dev.folder, folder), join(dev.folder, "node_modules", "greeting"), "junction");
  }
  await say("greeting", 'import { greeting } from "greeting";');
  await start();
  await expectSaid(/ok: hello\./);

  // Once with the next process prepared, and once while it is not.
  for (const [text, pauseMs] of [
    ["good day", PREPARED_MS],
    ["good evening", 0],
  ] as const) {
    await setTimeout(pauseMs);
    await greet(text);
    await save();
    await dev.shows(/started anew in \d/);
    await expectSaid(new RegExp(`ok: ${text}\\.`));
  }
});

test.runIf(process.platform === "linux")("what the main module does not reach is not run", async () => {
  for (const name of ["reached", "stray", "typed", "later"]) {
    const file = JSON.stringify(join(dev.folder, `${name}.txt`));
    await dev.write(`node_modules/${name}/package.json`, JSON.stringify({ type: "module", exports: "./index.js" }));
    await dev.write(
      `node_modules/${name}/index.js`,
      `import { writeFileSync } from "node:fs"; writeFileSync(${file}, String(process.pid)); export const value = 1;`,
    );
  }
  await dev.write("backend/data-source.test.ts", 'import "stray";');
  const imports = [
    'import "reached";',
    'import type { value } from "typed";',
    'export const later = () => import("later");',
    'export const example = `\nimport "stray";\n`;',
    "export type Value = typeof value;",
  ];
  await dev.edit("export const dataSource", `${imports.join("\n")}\nexport const dataSource`);
  await start();
  const written = async (): Promise<number> => Number(await readFile(join(dev.folder, "reached.txt"), "utf8"));
  await expect.poll(async () => dev.processes().ahead.includes(await written()), { timeout: 20_000 }).toBe(true);
  await save();
  await dev.shows(/started anew in \d/);
  for (const name of ["stray", "typed", "later"]) {
    await expect(access(join(dev.folder, `${name}.txt`))).rejects.toThrow("ENOENT");
  }
});
