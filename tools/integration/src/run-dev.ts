import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { framewright } from "./build-plugin.js";
import { commandLines } from "./processes.js";
import { vegaFolder } from "./vega-datasets.js";

const csvFolder = fileURLToPath(new URL("../../../plugins/csv", import.meta.url));
const warmStart = fileURLToPath(new URL("../../../packages/cli/dist/dev/warm-start.js", import.meta.url));

/** A copy of the CSV plugin that a test may change, and a `framewright dev` that runs it. */
export class Dev implements AsyncDisposable {
  /** The copy, inside this package, so that the plugin's imports are found in its node_modules. */
  readonly folder = fileURLToPath(new URL("../.cache/dev-plugin", import.meta.url));
  #child: ChildProcess | undefined;
  #output = "";

  /** Copies the plugin anew. */
  async copy(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
    for (const part of ["backend", "src", "package.json"]) {
      await cp(join(csvFolder, part), join(this.folder, part), { recursive: true });
    }
  }

  /** Runs the command, and does not wait for the plugin. */
  run(env: Readonly<Record<string, string>> = {}): void {
    const settings = JSON.stringify({ folder: vegaFolder });
    const options = ["--settings", settings, "--from", "2000-01-01", "--no-chart", "--verbose"];
    this.#output = "";
    this.#child = spawn(process.execPath, [framewright, "dev", this.folder, ...options], {
      stdio: "pipe",
      env: { ...process.env, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  type(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }

  /** Nothing more will be typed. */
  endInput(): void {
    this.#child?.stdin?.end();
  }

  /** Waits for output that was not waited for yet. */
  async shows(pattern: RegExp): Promise<readonly string[]> {
    await expect.poll(() => this.#output, { timeout: 20_000 }).toMatch(pattern);
    const found = pattern.exec(this.#output);
    this.#output = this.#output.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
    return found ?? [];
  }

  /** Writes a file of the plugin. */
  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  }

  /** Changes a file of the plugin. */
  async edit(from: string, to: string, path = "backend/data-source.ts"): Promise<void> {
    const source = await readFile(join(this.folder, path), "utf8");
    expect(source).toContain(from);
    await this.write(
      path,
      source.replace(from, () => to),
    );
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** The process's exit code. */
  async end(): Promise<unknown> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode;
    const [code] = await once(child, "close");
    return code;
  }

  /** The processes that were started to run the plugin's sources at once, and those that were to wait. */
  processes(): { readonly running: readonly number[]; readonly ahead: readonly number[] } {
    const withText = (text: string): number[] =>
      [...commandLines()].flatMap(([pid, line]) => (line.includes(text) ? [pid] : []));
    return { running: withText(join(this.folder, "backend", "main.ts")), ahead: withText(warmStart) };
  }

  /** Ends what still runs and removes the copy. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}
