import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Where servers are that only the superuser's PATH leads to. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/libexec", "/usr/local/sbin"];

/** The path of a program on PATH, or where servers mostly are; undefined where there is none. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...(process.env["PATH"] ?? "").split(delimiter), ...SERVER_FOLDERS]) {
    const path = join(folder, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) {
      return path;
    }
  }
  return undefined;
}
