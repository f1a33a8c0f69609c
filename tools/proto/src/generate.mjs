// @ts-check
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const toolRoot = fileURLToPath(new URL("..", import.meta.url));

/** The folder of our .proto files. */
export const protoRoot = fileURLToPath(new URL("../../../proto", import.meta.url));

/** Where the generated TypeScript belongs. */
export const generatedRoot = fileURLToPath(new URL("../../../packages/protocol/src/generated", import.meta.url));

/**
 * Lints the .proto files and writes their TypeScript into `out`, which is emptied first.
 *
 * @param {string} out absolute path of the folder to write
 */
export function generate(out) {
  buf("lint", protoRoot);
  rmSync(out, { recursive: true, force: true });
  buf("generate", protoRoot, "--template", "buf.gen.yaml", "--output", out, "--include-imports");
}

/**
 * Runs buf, whose output is shown.
 *
 * @param {string[]} args
 */
export function buf(...args) {
  execFileSync(process.execPath, [require.resolve("@bufbuild/buf/bin/buf"), ...args], {
    cwd: toolRoot,
    stdio: "inherit",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  generate(generatedRoot);
}
