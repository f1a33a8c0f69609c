import { execFile } from "node:child_process";
import { readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { log } from "../../log/logger.js";
import type { PluginFolder } from "./find-plugin-folder.js";

/**
 * Ends the processes that Grafana runs of a plugin, so that it starts the plugin anew and finds the one that runs on its own.
 * Only processes of that very file are ended, politely. Where processes cannot be listed, Grafana has to be restarted.
 */
export async function endRunningPlugins(plugin: PluginFolder): Promise<void> {
  try {
    const file = await realpath(join(plugin.folder, binaryName(plugin.executable ?? "")));
    for (const { pid, executable } of await listProcesses()) {
      if (executable === file && pid !== process.pid) {
        log.info("ending the plugin that Grafana runs, which starts it anew", { pid });
        process.kill(pid, "SIGTERM");
      }
    }
  } catch (error) {
    log.info("a plugin that Grafana runs already was not looked for; restart Grafana to switch over", { error });
  }
}

/** The file that Grafana runs on this machine: plugin.json's `executable` with Go's names for system and processor. */
function binaryName(executable: string): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `${executable}_${os}_${arch}${os === "windows" ? ".exe" : ""}`;
}

interface RunningProcess {
  readonly pid: number;
  readonly executable: string;
}

async function listProcesses(): Promise<RunningProcess[]> {
  if (process.platform === "linux") {
    const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    return Promise.all(
      names.map(async (pid) => {
        // Other people's processes do not tell. A file that was replaced by a newer build is marked as deleted.
        const executable = await readlink(`/proc/${pid}/exe`).catch(() => "");
        return { pid: Number(pid), executable: executable.replace(/ \(deleted\)$/, "") };
      }),
    );
  }
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,comm="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, executable] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || executable === undefined ? [] : [{ pid: Number(pid), executable }];
  });
}
