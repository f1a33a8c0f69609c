import { constants } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { DownstreamError } from "@framewright/sdk";

/** A CSV file as the query editor lists it. */
export interface CsvFile {
  /** Path below the folder. */
  readonly file: string;
  readonly bytes: number;
  /** When the file was last changed, as ISO 8601. */
  readonly modified: string;
}

/** The folder that a data source reads from. Nothing outside it can be reached, not even by a link. */
export class CsvFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens a file below the folder. The caller closes it.
   *
   * @throws DownstreamError with status 400 for a path outside the folder or something that is no file, 404 for a
   *   missing one
   */
  async open(file: string): Promise<FileHandle> {
    const root = await this.#root();
    if (isAbsolute(file) || !isInside(root, join(root, file))) {
      throw new DownstreamError(`${file}: is outside the folder; name a file by its path below it`, { status: 400 });
    }
    const path = await realpath(join(root, file)).catch((error: unknown) => {
      throw fileError(file, error);
    });
    if (!isInside(root, path)) {
      throw new DownstreamError(`${file}: is a link to a place outside the folder`, { status: 400 });
    }
    // Without O_NONBLOCK, opening a named pipe would wait for someone to write into it.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      throw fileError(file, error);
    });
    if (!(await handle.stat()).isFile()) {
      await handle.close();
      throw new DownstreamError(`${file}: is not a file`, { status: 400 });
    }
    return handle;
  }

  /**
   * The CSV files in the folder and below, by path. Links are not followed.
   *
   * @throws DownstreamError with status 404, 403 or 400 when the folder is missing, may not be read or is none
   */
  async list(): Promise<CsvFile[]> {
    const root = await this.#root();
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
      throw fileError(`the folder ${this.#path}`, error);
    });
    const paths = entries
      .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(".csv"))
      .map((entry) => join(entry.parentPath, entry.name));
    const files = await Promise.all(
      paths.map(async (path) => {
        // A file that went away since the folder was read is left out.
        const found = await stat(path).catch(() => undefined);
        if (found === undefined) {
          return [];
        }
        const file = relative(root, path).replaceAll(sep, "/");
        return [{ file, bytes: found.size, modified: found.mtime.toISOString() }];
      }),
    );
    return files.flat().sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  /** The folder with all links resolved, looked up anew each time: it may be replaced while the plugin runs. */
  async #root(): Promise<string> {
    const root = await realpath(this.#path).catch((error: unknown) => {
      throw fileError(`the folder ${this.#path}`, error);
    });
    if (!(await stat(root)).isDirectory()) {
      throw new DownstreamError(`the folder ${this.#path}: is not a folder`, { status: 400 });
    }
    return root;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The system's error in words that do not name a path beyond the one the user gave. */
function fileError(subject: string, error: unknown): DownstreamError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const [reason, status] = REASONS[code] ?? [`cannot be read (${code || "unknown error"})`, 500];
  return new DownstreamError(`${subject}: ${reason}`, { status, cause: error });
}

const REASONS: Readonly<Record<string, readonly [string, number]>> = {
  ENOENT: ["does not exist", 404],
  ENOTDIR: ["does not exist", 404],
  EACCES: ["may not be read by Grafana's user", 403],
  EPERM: ["may not be read by Grafana's user", 403],
  ELOOP: ["is a link that leads nowhere", 400],
  ENAMETOOLONG: ["is too long a name", 400],
  ERR_INVALID_ARG_VALUE: ["is not a file name", 400],
};
