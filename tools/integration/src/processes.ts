import { readdirSync, readFileSync } from "node:fs";

/** The command lines of this machine's processes by process id, arguments parted by spaces. Linux only: elsewhere there are none. */
export function commandLines(): ReadonlyMap<number, string> {
  const processes = new Map<number, string>();
  if (process.platform !== "linux") {
    return processes;
  }
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      processes.set(Number(name), readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " "));
    } catch {
      // Gone meanwhile.
    }
  }
  return processes;
}
