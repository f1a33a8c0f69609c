import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundleForNode } from "@framewright/cli/compiler";
import { locatePlugin, startPlugin } from "@framewright/host";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

const RUNS = 10;
const plugin = dirname(createRequire(import.meta.url).resolve("framewright-csv-datasource/package.json"));

/** From the start of the process to its handshake: the compiled CSV plugin beside Node running the same code as one bundle. */
export async function startToHandshake(): Promise<Report> {
  const { executable } = await locatePlugin(join(plugin, "dist"));
  const folder = await mkdtemp(join(tmpdir(), "framewright-bench-"));
  try {
    const bundle = join(folder, "main.mjs");
    await bundleForNode(join(plugin, "backend", "main.ts"), bundle);
    const compiled: number[] = [];
    const node: number[] = [];
    for (let run = 0; run < RUNS + 1; run++) {
      compiled.push(await start(executable, []));
      node.push(await start(process.execPath, [bundle]));
    }
    return {
      title: `Start to handshake, median of ${RUNS}`,
      unit: "ms",
      better: "lower",
      // The first of each fills the file cache.
      ours: { what: "gpx_csv, compiled", value: median(compiled.slice(1)) },
      others: [{ what: `Node ${process.versions.node}, same code as one bundle`, value: median(node.slice(1)) }],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(executable: string, args: readonly string[]): Promise<number> {
  await using plugin = await startPlugin({ executable, args });
  return plugin.startMs;
}
