import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for one test; disposing it removes it with everything in it. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /**
   * Writes a file into the folder and returns its path.
   *
   * @param mode its permissions, such as 0o755 for a program
   */
  write(name: string, content: string | Uint8Array, mode?: number): Promise<string>;
}

/** Makes an empty folder. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "framewright-")));
  return {
    path,
    async write(name, content, mode = 0o644) {
      const file = join(path, name);
      await writeFile(file, content, { mode });
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
