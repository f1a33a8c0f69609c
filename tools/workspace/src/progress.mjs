// @ts-check

/**
 * Shows that something long is under way.
 *
 * @typedef {object} Progress
 * @property {(chunk: string) => void} update takes the program's output; its last line stands beside the elapsed time
 * @property {(result: boolean | "skipped") => void} end replaces the live line by the result
 */

/** How often a log, which has no live line, gets a sign of life, in ms. */
const heartbeatMs = 30_000;
const frameMs = 100;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * On a terminal one live line with the elapsed time; elsewhere plain lines, "→ label" and "✓ label (12.3 s)".
 *
 * @param {string} label
 * @param {{ stream?: NodeJS.WritableStream & { isTTY?: boolean, columns?: number }, now?: () => number }} [options]
 * @returns {Progress}
 */
export function startProgress(label, { stream = process.stdout, now = Date.now } = {}) {
  const started = now();
  const elapsed = () => seconds(now() - started);
  const live = stream.isTTY === true && !isCi();
  let lastLine = "";
  let frame = 0;
  if (!live) {
    stream.write(`→ ${label}\n`);
  }
  const timer = setInterval(
    () => {
      if (!live) {
        stream.write(`… ${label} (${elapsed()})\n`);
        return;
      }
      frame = (frame + 1) % frames.length;
      const text = `${frames[frame]} ${label} ${elapsed()}  ${lastLine}`;
      stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
    },
    live ? frameMs : heartbeatMs,
  );
  return {
    update(chunk) {
      lastLine = printable(chunk) || lastLine;
    },
    end(result) {
      clearInterval(timer);
      const mark = result === "skipped" ? "−" : result ? "✓" : "✗";
      stream.write(`${live ? "\r\u001b[2K" : ""}${mark} ${label} (${elapsed()})\n`);
    },
  };
}

/** Whether a CI service runs this: the common `CI` variable is set and not switched off. */
export function isCi(env = process.env) {
  const value = env["CI"];
  return value !== undefined && value !== "" && value !== "false" && value !== "0";
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * The last line with something on it, without colours and control characters.
 *
 * @param {string} chunk
 */
function printable(chunk) {
  const lines = chunk
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.at(-1) ?? "";
}
