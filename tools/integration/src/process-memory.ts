import { readFileSync } from "node:fs";

/** Memory of a process that is in RAM now, in bytes. Linux only, as the integration tests are. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
