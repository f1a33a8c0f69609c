// @ts-check
import { stopChildrenOnSignals } from "./child.mjs";
import { runPackage } from "./run-package.mjs";
import { runPnpm } from "./run-pnpm.mjs";
import { runTests } from "./run-tests.mjs";
import { setUp } from "./set-up.mjs";
import { UserError } from "./user-error.mjs";

/** @type {Readonly<Record<string, (args: string[]) => Promise<number>>>} */
const commands = {
  setup: setUp,
  demo: (args) => runPackage("tools/demo", args),
  bench: (args) => runPackage("tools/bench", args),
  test: runTests,
  pnpm: runPnpm,
};

/**
 * Runs one root script and sets the exit code of this process.
 *
 * @param {string[]} argv the script's name and its arguments
 */
export async function main([name, ...args]) {
  stopChildrenOnSignals();
  try {
    const command = Object.entries(commands).find(([key]) => key === name)?.[1];
    if (command === undefined) {
      throw new UserError(
        `Run one of: ${Object.keys(commands)
          .map((key) => `npm run ${key}`)
          .join(", ")}.`,
      );
    }
    process.exitCode = await command(args);
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  }
}
