import { chown, writeFile } from "node:fs/promises";
import type { SystemUser } from "./unprivileged-user.js";

/** Writes a file that a server's user alone may read, and returns its path. */
export async function writeFor(user: SystemUser | undefined, path: string, text: string): Promise<string> {
  await writeFile(path, text, { mode: 0o600 });
  if (user !== undefined) {
    await chown(path, user.uid, user.gid);
  }
  return path;
}
