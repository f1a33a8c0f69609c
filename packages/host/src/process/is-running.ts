import { readFileSync } from "node:fs";

/**
 * Whether a process exists and is more than the entry that is left of a dead one until its parent has asked for it.
 *
 * @param pid any process of this machine
 */
export function isRunning(pid: number): boolean {
  // 0 and negative numbers would ask about process groups.
  if (!Number.isInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  if (process.platform !== "linux") {
    return false;
  }
  try {
    // The state follows the command's name, which stands in parentheses and may hold some itself.
    return /^ Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)/s, ""));
  } catch {
    // No /proc, or gone between the two looks: the next one will tell.
    return false;
  }
}
