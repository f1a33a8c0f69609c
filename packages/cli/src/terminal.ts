/** Whether to colour what goes to `stream`: on a terminal that has colours, by https://no-color.org, or forced. */
export function usesColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "0" && forced !== "false") return true;
  return stream.isTTY === true && stream.hasColors();
}

/** Shows what is being done on one line of a terminal, to be cleared afterwards. Nothing where `stream` is a file or a pipe. */
export function showProgress(text: string, stream: NodeJS.WriteStream = process.stderr): void {
  if (stream.isTTY === true) stream.write(`\r\x1b[2K${text}`);
}

/** Clears the line of {@link showProgress}. */
export function clearProgress(stream: NodeJS.WriteStream = process.stderr): void {
  showProgress("", stream);
}

/** Columns of a terminal; 100 where `stream` is a file or a pipe. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true && stream.columns > 0 ? stream.columns : 100;
}

/** `12.3 ms`, `1.23 s`. */
export function formatMs(ms: number): string {
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** `108.3 MiB`, `12.0 KiB`. */
export function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
