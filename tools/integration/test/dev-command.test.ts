import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isRunning } from "@framewright/host";
import { afterEach, beforeEach, expect, test } from "vitest";
import { framewright } from "../src/build-plugin.js";
import { commandLines } from "../src/processes.js";
import { vegaFolder } from "../src/vega-datasets.js";

// Inside this package, so that the plugin's imports are found in its node_modules.
const folder = fileURLToPath(new URL("../.cache/dev-plugin", import.meta.url));
const csvFolder = fileURLToPath(new URL("../../../plugins/csv", import.meta.url));
const sourceFile = join(folder, "backend", "data-source.ts");

/** A running `framewright dev`. */
class Dev {
  readonly #child: ChildProcess;
  #output = "";

  constructor() {
    const settings = JSON.stringify({ folder: vegaFolder });
    const options = ["--settings", settings, "--from", "2000-01-01", "--no-chart", "--verbose"];
    this.#child = spawn(process.execPath, [framewright, "dev", folder, ...options], { stdio: "pipe" });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Waits for output that was not waited for yet. */
  async shows(pattern: RegExp): Promise<readonly string[]> {
    await expect.poll(() => this.#output, { timeout: 20_000 }).toMatch(pattern);
    const found = pattern.exec(this.#output);
    this.#output = this.#output.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
    return found ?? [];
  }

  /** The process's exit code. */
  async end(): Promise<unknown> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const [code] = await once(this.#child, "close");
    return code;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

let dev: Dev;

beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const part of ["backend", "src", "package.json"]) {
    await cp(join(csvFolder, part), join(folder, part), { recursive: true });
  }
  dev = new Dev();
  await dev.shows(/started in \d/);
});

afterEach(async () => {
  dev.kill("SIGKILL");
  await dev.end();
  await rm(folder, { recursive: true, force: true });
});

async function edit(from: string, to: string): Promise<void> {
  const source = await readFile(sourceFile, "utf8");
  expect(source).toContain(from);
  await writeFile(sourceFile, source.replace(from, to));
}

test("answers what is typed, and after a change asks the last query of the new sources", async () => {
  dev.type('{"file":"stocks.csv"}');
  await dev.shows(/stocks\.csv \(A\)[\s\S]*560 rows[\s\S]*answered in/);
  dev.type("health");
  await dev.shows(/ok: The folder can be read/);
  dev.type("GET files");
  await dev.shows(/200 application\/json[\s\S]*airports\.csv/);

  await edit("The folder can be read.", "The folder has been changed.");
  await dev.shows(/started anew in \d[\s\S]*560 rows[\s\S]*answered in/);
  dev.type("health");
  await dev.shows(/ok: The folder has been changed/);

  dev.type("exit");
  expect(await dev.end()).toBe(0);
});

test("a change that does not compile leaves the plugin running as it was", async () => {
  await edit("export const dataSource", "export const const dataSource");
  await dev.shows(/data-source\.ts[\s\S]*the plugin as it was before still runs/);
  dev.type("health");
  await dev.shows(/ok: The folder can be read/);

  await edit("export const const dataSource", "export const dataSource");
  await dev.shows(/started anew in \d/);
});

test("leaves no plugin behind when it is told to end", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it becomes part of a template of the plugin.
  await edit("The folder can be read.", "pid ${process.pid}.");
  await dev.shows(/started anew in \d/);
  dev.type("health");
  const [, pid] = await dev.shows(/ok: pid (\d+)/);
  expect(isRunning(Number(pid))).toBe(true);
  dev.kill("SIGTERM");
  expect(await dev.end()).toBe(143);
  expect(isRunning(Number(pid))).toBe(false);
});

test("a process that was started ahead does not keep a package that has changed since", async () => {
  const greeting = join(folder, "node_modules", "greeting");
  await mkdir(greeting, { recursive: true });
  await writeFile(join(greeting, "package.json"), JSON.stringify({ type: "module", exports: "./index.js" }));
  const say = (text: string): Promise<void> =>
    writeFile(join(greeting, "index.js"), `export const greeting = ${JSON.stringify(text)};`);
  await say("hello");
  const source = await readFile(sourceFile, "utf8");
  await writeFile(
    sourceFile,
    `import { greeting } from "greeting";\n${source.replace("`The folder can be read.", "`$" + "{greeting}.")}`,
  );
  await dev.shows(/started anew in \d/);
  dev.type("health");
  await dev.shows(/ok: hello\./);

  // Once with the next process prepared, and once while it is not.
  for (const [text, pauseMs] of [
    ["good day", 3_000],
    ["good evening", 0],
  ] as const) {
    await setTimeout(pauseMs);
    await say(text);
    await edit("export const dataSource", "// changed\nexport const dataSource");
    await dev.shows(/started anew in \d/);
    dev.type("health");
    await dev.shows(new RegExp(`ok: ${text}\\.`));
  }
});

test.runIf(process.platform === "linux")(
  "leaves no process behind that was started ahead, when it is killed",
  async () => {
    const warmStart = fileURLToPath(new URL("../../../packages/cli/dist/dev/warm-start.js", import.meta.url));
    const ahead = (): number[] => [...commandLines()].flatMap(([pid, line]) => (line.includes(warmStart) ? [pid] : []));
    await expect.poll(ahead, { timeout: 20_000 }).toHaveLength(1);
    dev.kill("SIGKILL");
    await dev.end();
    await expect.poll(ahead, { timeout: 20_000 }).toEqual([]);
  },
);
