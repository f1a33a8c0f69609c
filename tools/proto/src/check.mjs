// @ts-check
// Fails when packages/protocol/src/generated is not what proto/ generates today.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, generatedRoot } from "./generate.mjs";

/**
 * @param {string} root
 * @returns {Map<string, string>} text by path relative to `root`
 */
function readTree(root) {
  const files = new Map();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      files.set(path.slice(root.length + 1), readFileSync(path, "utf8"));
    }
  }
  return files;
}

const fresh = mkdtempSync(join(tmpdir(), "framewright-proto-"));
try {
  generate(fresh);
  const expected = readTree(fresh);
  const actual = readTree(generatedRoot);
  const stale = [...new Set([...expected.keys(), ...actual.keys()])].filter(
    (path) => expected.get(path) !== actual.get(path),
  );
  if (stale.length > 0) {
    console.error(
      `packages/protocol/src/generated is not current; run "pnpm proto". Different: ${stale.sort().join(", ")}`,
    );
    process.exitCode = 1;
  } else {
    console.log(`packages/protocol/src/generated is current (${actual.size} files).`);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
