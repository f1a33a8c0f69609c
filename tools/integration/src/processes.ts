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

/** How much memory a process has resident, in bytes; `undefined` where this system does not tell. */
export function residentBytes(pid: number): number | undefined {
  if (process.platform !== "linux") {
    return undefined;
  }
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
