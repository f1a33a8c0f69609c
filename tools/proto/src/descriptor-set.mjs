// @ts-check
// descriptor-set.mjs <file> [folder]: writes the descriptors of proto/, or of another such folder, with what it imports.
import { resolve } from "node:path";
import { buf, protoRoot } from "./generate.mjs";

const [file, folder = protoRoot] = process.argv.slice(2);
if (file === undefined) {
  throw new Error("Which file is to be written?");
}
buf("build", resolve(folder), "--as-file-descriptor-set", "--output", resolve(file));
