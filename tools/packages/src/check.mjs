// @ts-check
// Packs each package of packages/ as it would be published and fails where its exports or its types are not right.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { groupProblemsByKind } from "@arethetypeswrong/core/utils";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const packages = fileURLToPath(new URL("../../../packages", import.meta.url));

/** Ways to resolve an import that packages of ES modules alone do not offer: CommonJS, and Node 10's. */
const notOffered = new Set(["node10", "node16-cjs"]);

/**
 * Packs a package with the pnpm that runs this script, so that `workspace:` is a version as it would be on npm.
 *
 * @param {string} name the package's folder
 * @param {string} out
 */
function pack(name, out) {
  const pnpm = process.env["npm_execpath"] ?? "pnpm";
  const args = ["pack", "--pack-destination", out];
  const [file, ...first] = /\.[cm]?js$/.test(pnpm) ? [process.execPath, pnpm] : [pnpm];
  execFileSync(file ?? pnpm, [...first, ...args], {
    cwd: join(packages, name),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [tarball = ""] = readdirSync(out);
  return readFileSync(join(out, tarball));
}

/**
 * What is wrong with the types of a packed package.
 *
 * @param {Buffer} tarball
 * @returns {Promise<string[]>}
 */
async function typeProblems(tarball) {
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (result.types === false) {
    return ["has no types"];
  }
  const problems = result.problems.filter(
    (problem) => !("resolutionKind" in problem && notOffered.has(problem.resolutionKind)),
  );
  return Object.entries(groupProblemsByKind(problems)).flatMap(([kind, found]) =>
    (found ?? []).map((problem) => `${kind}: ${JSON.stringify(problem)}`),
  );
}

/**
 * What is wrong with the package.json and the files of a packed package.
 *
 * @param {Buffer} tarball
 * @returns {Promise<string[]>}
 */
async function fileProblems(tarball) {
  const data = new Uint8Array(tarball).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

let failed = 0;
for (const name of readdirSync(packages).sort()) {
  const out = mkdtempSync(join(tmpdir(), "framewright-pack-"));
  try {
    const tarball = pack(name, out);
    const problems = [...(await typeProblems(tarball)), ...(await fileProblems(tarball))];
    failed += problems.length;
    console.log(`packages/${name}: ${problems.length === 0 ? "no problem" : problems.join("\n  ")}`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
process.exitCode = failed === 0 ? 0 : 1;
