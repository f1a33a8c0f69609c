// @ts-check
import { spawn } from "node:child_process";
import os from "node:os";
import { root } from "./root.mjs";
import { UserError } from "./user-error.mjs";

/**
 * One program to start. No shell is involved, so arguments are passed as they are on every platform.
 *
 * @typedef {object} Command
 * @property {string} file
 * @property {readonly string[]} args
 * @property {string} [cwd] the repository's root when left out
 * @property {Readonly<Record<string, string>>} [env] added to this process's environment
 */

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; 128 + the signal's number when a signal ended it, as a shell reports it
 * @property {string} output stdout and stderr in order of arrival; empty when they were inherited
 */

/** How long a child may take to end after a signal, in ms, before it is killed. */
const graceMs = 3000;

/** @typedef {{ child: import("node:child_process").ChildProcess, ownGroup: boolean }} Running */

/** @type {Set<Running>} */
const running = new Set();

/**
 * Runs a program with its output collected.
 *
 * @param {Command} command
 * @param {(chunk: string) => void} [onOutput] called with each piece of output as it arrives
 * @returns {Promise<Outcome>}
 */
export function capture(command, onOutput) {
  // A group of its own lets stopChildren reach the grandchildren too, which turbo and npm start.
  const ownGroup = process.platform !== "win32";
  const child = spawn(command.file, command.args, {
    ...spawnOptions(command),
    detached: ownGroup,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (/** @type {string} */ chunk) => {
      output += chunk;
      onOutput?.(chunk);
    });
  }
  return ended(command, { child, ownGroup }, () => output);
}

/**
 * Runs a program on this process's own terminal.
 *
 * @param {Command} command
 * @returns {Promise<Outcome>}
 */
export function passThrough(command) {
  const child = spawn(command.file, command.args, { ...spawnOptions(command), stdio: "inherit" });
  return ended(command, { child, ownGroup: false }, () => "");
}

/** From now on SIGINT, SIGTERM and SIGHUP end the children first and this process after them. */
export function stopChildrenOnSignals() {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.once(signal, () => {
      void stopChildren(signal).then(() => process.exit(128 + os.constants.signals[signal]));
    });
  }
}

/** @param {NodeJS.Signals} signal */
async function stopChildren(signal) {
  const children = [...running];
  const ends = children.map(({ child }) => new Promise((resolve) => child.once("close", resolve)));
  for (const one of children) {
    send(one, signal);
  }
  const timer = setTimeout(() => {
    for (const one of children) {
      send(one, "SIGKILL");
    }
  }, graceMs);
  await Promise.all(ends);
  clearTimeout(timer);
}

/**
 * @param {Running} target
 * @param {NodeJS.Signals} signal
 */
function send({ child, ownGroup }, signal) {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(ownGroup ? -child.pid : child.pid, signal);
  } catch {
    // It ended between the signal and here.
  }
}

/** @param {Command} command */
function spawnOptions(command) {
  const env = { ...process.env, ...command.env };
  // Some programs colour their output wherever CI is set; a log is to be plain unless colours are asked for.
  if (process.stdout.isTTY !== true && env["FORCE_COLOR"] === undefined) {
    env["NO_COLOR"] = "1";
  }
  return { cwd: command.cwd ?? root, env, windowsHide: true };
}

/**
 * @param {Command} command
 * @param {Running} started
 * @param {() => string} output
 * @returns {Promise<Outcome>}
 */
function ended(command, started, output) {
  running.add(started);
  return new Promise((resolve, reject) => {
    started.child.once("error", (error) => {
      running.delete(started);
      reject(new UserError(`${command.file} could not be started: ${error.message}`));
    });
    started.child.once("close", (code, signal) => {
      running.delete(started);
      resolve({ code: code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]), output: output() });
    });
  });
}
