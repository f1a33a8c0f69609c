import { watch } from "chokidar";

/** How long nothing may change before the change is taken to be complete, in ms: editors write a file in several steps. */
const QUIET_MS = 20;

/** Watches a plugin's sources. */
export interface SourceWatch {
  /** Settles once changes are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Calls `onChange` after files in one of the folders, or the files themselves, were changed, added or removed. Changes that
 * come together are one.
 *
 * @param paths folders, with what is below them, and files
 */
export function watchSources(paths: readonly string[], onChange: () => void): SourceWatch {
  const watcher = watch([...paths], { ignoreInitial: true, ignored: /(^|[\\/])(node_modules|\.git)([\\/]|$)/ });
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  });
  return {
    ready: new Promise((resolve, reject) => {
      watcher.once("ready", resolve);
      watcher.once("error", reject);
    }),
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
