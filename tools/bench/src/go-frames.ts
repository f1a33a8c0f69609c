import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const bin = join(dirname(createRequire(import.meta.url).resolve("@framewright/go-tool/package.json")), "bin");
const frames = join(bin, process.platform === "win32" ? "frames.exe" : "frames");

/** What making a frame with the official Go SDK and marshalling it to Arrow came to: medians in ms. */
export interface GoFramesResult {
  readonly bytes: number;
  /** From typed slices that are there already. */
  readonly columnsMs: number;
  /** From a slice of structs. */
  readonly structsMs: number;
}

/** Measures the official Go SDK on the readings that {@link makeReadings} makes; `undefined` where tools/go was not built. */
export async function benchGoFrames(rows: number, runs: number): Promise<GoFramesResult | undefined> {
  if (!existsSync(frames)) {
    return undefined;
  }
  const { stdout } = await promisify(execFile)(frames, ["bench", String(rows), String(runs)]);
  return JSON.parse(stdout);
}
