// @ts-check
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readJson, root } from "./root.mjs";

const dependencyFields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/**
 * Every dependency that a package.json of the workspace or the go.mod of tools/go names, without the workspace's own
 * packages and what Go notes as indirect, sorted.
 *
 * @returns {string[]}
 */
export function externalDependencies() {
  const manifests = ["package.json", ...memberManifests()].map(readJson);
  const names = new Set();
  for (const manifest of manifests) {
    for (const [field, value] of entries(manifest)) {
      if (!dependencyFields.includes(field)) {
        continue;
      }
      for (const [name, range] of entries(value)) {
        if (typeof range === "string" && !range.startsWith("workspace:")) {
          names.add(name);
        }
      }
    }
  }
  for (const name of requiredGoModules(readFileSync(path.join(root, "tools", "go", "go.mod"), "utf8"))) {
    names.add(name);
  }
  return [...names].sort();
}

/**
 * The modules that a go.mod requires for its own code.
 *
 * @param {string} goMod
 * @returns {string[]}
 */
export function requiredGoModules(goMod) {
  const lines = goMod.split(/\r?\n/).filter((line) => !line.endsWith("// indirect"));
  return lines.flatMap((line) => /^(?:require\s+|\t)(\S+) v\S+$/.exec(line)?.[1] ?? []);
}

/**
 * The dependencies a page of the form of docs/dependencies.md lists: the names in backquotes of each row's first cell.
 *
 * @param {string} page Markdown
 * @returns {string[]} sorted
 */
export function listedDependencies(page) {
  const names = new Set();
  for (const line of page.split(/\r?\n/)) {
    const cell = /^\|([^|]*)\|/.exec(line)?.[1];
    for (const match of cell?.matchAll(/`([^`]+)`/g) ?? []) {
      names.add(match[1]);
    }
  }
  return [...names].sort();
}

/** @returns {string[]} */
function memberManifests() {
  return ["packages", "plugins", "tools"].flatMap((group) =>
    readdirSync(path.join(root, group))
      .map((name) => `${group}/${name}/package.json`)
      .filter((file) => existsSync(path.join(root, file))),
  );
}

/**
 * @param {unknown} value
 * @returns {[string, unknown][]}
 */
function entries(value) {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
