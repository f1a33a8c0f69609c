// @ts-check
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { readJson, root } from "./root.mjs";

const dependencyFields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/**
 * Every dependency that a package.json of the workspace names, without the workspace's own packages, sorted.
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
  return [...names].sort();
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
