import { execFile } from "node:child_process";
import { framewright } from "./build-plugin.js";

/** One requirement in the report of `framewright check --json`. */
export interface CheckedRequirement {
  readonly id: string;
  readonly status: "passed" | "failed" | "not applicable";
  readonly expected?: string;
  readonly seen?: string;
  readonly why?: string;
}

/** What the command came to. */
export interface CheckRun {
  readonly exitCode: number;
  readonly requirements: readonly CheckedRequirement[];
  /** Those that were not met, with what was seen. */
  readonly failed: readonly CheckedRequirement[];
}

/** Runs `framewright check --json` on a plugin. */
export function runCheck(plugin: string, ...options: string[]): Promise<CheckRun> {
  return new Promise((resolve, reject) => {
    const args = [framewright, "check", plugin, "--json", ...options];
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (stderr !== "" || stdout === "") {
        reject(new Error(`framewright check failed: ${stderr}`, { cause: error }));
        return;
      }
      const { requirements }: { requirements: CheckedRequirement[] } = JSON.parse(stdout);
      const failed = requirements.filter(({ status }) => status === "failed");
      resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, requirements, failed });
    });
  });
}
