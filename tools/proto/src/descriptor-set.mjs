// @ts-check
// descriptor-set.mjs <file> [folder]: writes the descriptors of proto/, or of another such folder, with what it imports.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { protoRoot } from "./generate.mjs";

const [file, folder = protoRoot] = process.argv.slice(2);
if (file === undefined) {
  throw new Error("Which file is to be written?");
}
const buf = createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf");
const args = ["build", resolve(folder), "--as-file-descriptor-set", "--output", resolve(file)];
execFileSync(process.execPath, [buf, ...args], { stdio: "inherit" });
