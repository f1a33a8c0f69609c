// @ts-check
import { localBin } from "./local-bin.mjs";

/**
 * One part of `npm test`. A check passes or fails as a whole and counts as one; a suite counts its tests, which it writes
 * to a report in vitest's JSON format.
 *
 * @typedef {object} Suite
 * @property {string} id what `--only` takes
 * @property {string} label
 * @property {boolean} needsBuild
 * @property {string} [report] path from the root
 * @property {number} [skipCode] the exit code by which a check says that this machine lacks what it needs
 * @property {(workspace: import("./prepare.mjs").Workspace) => import("./child.mjs").Command} command
 */

/** @type {readonly Suite[]} */
export const suites = [
  {
    id: "lint",
    label: "lint and format",
    needsBuild: false,
    command: () =>
      localBin("@biomejs/biome", "biome", [
        "ci",
        "--error-on-warnings",
        `--colors=${process.stdout.isTTY ? "force" : "off"}`,
      ]),
  },
  {
    id: "boundaries",
    label: "package boundaries",
    needsBuild: false,
    command: ({ turbo }) => turbo("boundaries"),
  },
  {
    id: "unused",
    label: "unused files, exports and dependencies",
    needsBuild: false,
    command: () => localBin("knip", "knip", ["--no-progress", "--no-config-hints"]),
  },
  {
    id: "types",
    label: "types",
    needsBuild: false,
    command: ({ turbo }) => turbo("run", "typecheck", "--output-logs=new-only"),
  },
  {
    id: "proto",
    label: "generated protocol is current",
    needsBuild: false,
    command: ({ pnpm }) => pnpm("--silent", "run", "proto:check"),
  },
  {
    id: "api",
    label: "API reference is current, and every public export has a doc comment",
    needsBuild: false,
    command: ({ pnpm }) => pnpm("--silent", "run", "api:check"),
  },
  {
    id: "packages",
    label: "packages: exports and types as they would be published",
    needsBuild: true,
    command: ({ pnpm }) => pnpm("--silent", "run", "packages:check"),
  },
  {
    id: "go",
    label: "Go programs: gofmt, go vet and go test",
    needsBuild: false,
    skipCode: 69,
    command: () => ({ file: process.execPath, args: ["tools/go/src/check.mjs"] }),
  },
  vitestSuite("unit", "unit tests"),
  vitestSuite("integration", "integration tests"),
];

/**
 * @param {string} project a project of the root's vitest.config.ts
 * @param {string} label
 * @returns {Suite}
 */
function vitestSuite(project, label) {
  const report = `.reports/${project}.json`;
  return {
    id: project,
    label,
    needsBuild: true,
    report,
    command: () =>
      localBin("vitest", "vitest", [
        "run",
        `--project=${project}`,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ]),
  };
}
