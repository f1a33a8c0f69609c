import { execFile, spawn } from "node:child_process";
import { appendFile, cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { locatePlugin, startPlugin } from "@framewright/host";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

const RUNS = 10;
const plugin = dirname(createRequire(import.meta.url).resolve("framewright-csv-datasource/package.json"));
const framewright = fileURLToPath(new URL("../../../packages/cli/bin/framewright.js", import.meta.url));
// Inside the plugin, so that its imports are found.
const folder = join(plugin, ".cache", "bench-dev");
const source = join(folder, "backend", "read-frame.ts");

/** From a saved source of the CSV plugin to a process that serves it: `framewright dev` beside a build and a start. */
export async function devReload(): Promise<Report> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    for (const part of ["backend", "src", "package.json"]) {
      await cp(join(plugin, part), join(folder, part), { recursive: true });
    }
    const built: number[] = [];
    for (let run = 0; run < RUNS + 1; run++) {
      built.push(await rebuild());
    }
    return {
      title: `Saved to served, median of ${RUNS}`,
      unit: "ms",
      better: "lower",
      ours: { what: "framewright dev", value: median((await reloads()).slice(1)) },
      others: [{ what: "framewright build, and the binary's start", value: median(built.slice(1)) }],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rebuild(): Promise<number> {
  const saved = await save();
  await promisify(execFile)(process.execPath, [framewright, "build", folder]);
  const { executable } = await locatePlugin(join(folder, "dist"));
  await using _running = await startPlugin({ executable });
  return performance.now() - saved;
}

/** Saves once for each run while `framewright dev` runs, and waits until it says that the new plugin has started. */
async function reloads(): Promise<number[]> {
  const dev = spawn(process.execPath, [framewright, "dev", folder], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  dev.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const shown = async (text: string): Promise<number> => {
    while (!output.includes(text)) {
      await setTimeout(1);
      if (dev.exitCode !== null) {
        throw new Error(`framewright dev ended: ${output}`);
      }
    }
    output = "";
    return performance.now();
  };
  try {
    await shown("> ");
    const times: number[] = [];
    for (let run = 0; run < RUNS + 1; run++) {
      // As between two saves: the one before ends, and the next is prepared.
      await setTimeout(2_000);
      const saved = await save();
      times.push((await shown("started anew in ")) - saved);
    }
    return times;
  } finally {
    dev.stdin.end();
    dev.kill();
  }
}

async function save(): Promise<number> {
  const saved = performance.now();
  await appendFile(source, "// changed\n");
  return saved;
}
