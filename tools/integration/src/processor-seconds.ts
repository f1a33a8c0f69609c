import { readFileSync } from "node:fs";

/** The kernel's ticks a second, in which it counts; the same on every Linux that Node runs on. */
const TICKS = 100;

/** Time that a process has kept a processor busy since its start, in seconds. Linux only, as the integration tests are. */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The program's name, in parentheses, may hold spaces; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
