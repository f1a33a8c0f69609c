import { readFile } from "node:fs/promises";

/** A user of this machine, by number. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who a database server is to run as: PostgreSQL refuses the superuser. One of the users named, else `nobody`.
 *
 * @returns undefined where this process is no superuser's, and so the server may run as it does
 */
export async function unprivilegedUser(...names: readonly string[]): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of [...names, "nobody"]) {
    const found = lines.find(([user]) => user === name);
    if (found !== undefined) {
      return { uid: Number(found[2]), gid: Number(found[3]) };
    }
  }
  throw new Error("a database server must not run as the superuser, and there is no user nobody to run it as");
}
