// @ts-check
import path from "node:path";
import { readJson, root } from "./root.mjs";
import { UserError } from "./user-error.mjs";

/**
 * A command that runs a program of one of the root's dependencies with this Node. The shims in node_modules/.bin differ
 * from platform to platform; the file behind them does not.
 *
 * @param {string} packageName
 * @param {string} name the program's name in the package's `bin` field
 * @param {readonly string[]} args
 * @returns {import("./child.mjs").Command}
 */
export function localBin(packageName, name, args) {
  const manifest = readJson(`node_modules/${packageName}/package.json`);
  const bin = typeof manifest === "object" && manifest !== null && "bin" in manifest ? manifest.bin : undefined;
  const file = typeof bin === "object" && bin !== null ? Object.entries(bin).find(([key]) => key === name)?.[1] : bin;
  if (typeof file !== "string") {
    throw new UserError(`${packageName} has no program called ${name}.`);
  }
  return { file: process.execPath, args: [path.join(root, "node_modules", packageName, file), ...args] };
}
