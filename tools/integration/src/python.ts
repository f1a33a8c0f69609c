import { execFile, execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The Python that has pyarrow: named by the environment, which `.ci/run` sets, else the system's own. */
const python = process.env["FRAMEWRIGHT_PYTHON"] ?? "python3";

/** Why tests that need pyarrow cannot run here; `undefined` when they can. */
export function missingPyarrow(): string | undefined {
  try {
    execFileSync(python, ["-c", "import pyarrow"], { stdio: "pipe" });
    return undefined;
  } catch {
    return `${python} has no pyarrow; install it, or set FRAMEWRIGHT_PYTHON to a Python that has it`;
  }
}

/** Runs a script of tools/integration/python and reads the JSON it prints. */
export async function runPython(script: string, ...args: string[]): Promise<unknown> {
  return JSON.parse((await runPythonForBytes(script, ...args)).toString());
}

/** Runs a script of tools/integration/python and gives the bytes it prints. */
export async function runPythonForBytes(script: string, ...args: string[]): Promise<Buffer> {
  const path = fileURLToPath(new URL(`../python/${script}`, import.meta.url));
  const { stdout } = await promisify(execFile)(python, [path, ...args], { encoding: "buffer", maxBuffer: 1 << 28 });
  return stdout;
}
