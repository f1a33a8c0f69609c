// @ts-check
import { existsSync } from "node:fs";
import path from "node:path";

/**
 * How to start npm without a shell: through its JavaScript entry where that is known, which Windows needs, since npm is
 * a .cmd file there.
 *
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, execPath?: string, platform?: NodeJS.Platform }} [options]
 * @returns {{ file: string, args: string[] }}
 */
export function npmCommand(args, { env = process.env, execPath = process.execPath, platform = process.platform } = {}) {
  const entry = [
    // Set by npm for the scripts it runs; another package manager sets it to itself.
    env["npm_execpath"],
    platform === "win32" ? path.join(path.dirname(execPath), "node_modules", "npm", "bin", "npm-cli.js") : undefined,
  ].find((file) => file !== undefined && path.basename(file) === "npm-cli.js" && existsSync(file));
  return entry === undefined ? { file: "npm", args: [...args] } : { file: execPath, args: [entry, ...args] };
}
