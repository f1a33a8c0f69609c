// @ts-check
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
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
  const descriptors = buf("build", protoRoot, "--as-file-descriptor-set", "--exclude-source-info", "--output", "-");
  writeFileSync(
    join(out, "descriptor-set.ts"),
    `// Generated from proto/. DO NOT EDIT.

/** Every file of proto/ and what it imports: a google.protobuf.FileDescriptorSet in base64, for server reflection. */
export const DESCRIPTOR_SET =
  "${descriptors.toString("base64")}";
`,
  );
}

/**
 * @param {string[]} args
 * @returns what buf wrote on stdout
 */
function buf(...args) {
  return execFileSync(process.execPath, [require.resolve("@bufbuild/buf/bin/buf"), ...args], {
    cwd: toolRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  generate(generatedRoot);
}
