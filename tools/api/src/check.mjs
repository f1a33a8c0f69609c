// @ts-check
// Fails when docs/api is not what the doc comments generate today, or a public export has no doc comment.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { apiRoot, generate } from "./generate.mjs";

/**
 * @param {string} root
 * @returns {Map<string, string>} text by path relative to `root`
 */
function readTree(root) {
  const entries = existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [];
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(root, path), readFileSync(path, "utf8")]));
}

const fresh = mkdtempSync(join(tmpdir(), "framewright-api-"));
try {
  if (await generate(fresh)) {
    const expected = readTree(fresh);
    const actual = readTree(apiRoot);
    const stale = [...new Set([...expected.keys(), ...actual.keys()])].filter(
      (path) => expected.get(path) !== actual.get(path),
    );
    if (stale.length > 0) {
      console.error(`docs/api is not current; run "pnpm api". Different: ${stale.sort().join(", ")}`);
      process.exitCode = 1;
    } else {
      console.log(`docs/api is current (${actual.size} pages).`);
    }
  } else {
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
