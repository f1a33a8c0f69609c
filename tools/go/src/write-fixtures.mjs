// @ts-check
// Writes the fixtures anew that the tests of @framewright/data read: what the official SDK makes of the frames in cmd/frames.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { go, missingGo } from "./go.mjs";
import { moduleFolder } from "./module-folder.mjs";

const folder = join(moduleFolder, "..", "..", "packages", "data", "test", "fixtures");
const fixtures = { "go-frames.jsonl": "write", "go-series.jsonl": "series" };

const reason = missingGo();
if (reason !== undefined) {
  throw new Error(reason);
}
mkdirSync(folder, { recursive: true });
for (const [file, command] of Object.entries(fixtures)) {
  const { status, stdout, stderr } = go("run", "./cmd/frames", command);
  if (status !== 0) {
    throw new Error(`frames ${command} failed: ${stderr.trim()}`);
  }
  writeFileSync(join(folder, file), stdout);
  console.log(`${file}: ${stdout.split("\n").length - 1} lines, ${(Buffer.byteLength(stdout) / 1e6).toFixed(2)} MB`);
}
