import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type LogEntry, parseLogEntry } from "@framewright/protocol";
import type { ExitStatus } from "./exit-status.js";
import { pluginEnvironment } from "./plugin-environment.js";

/** How long what a plugin wrote last may take to arrive once the plugin is gone, in ms. */
const LAST_OUTPUT_MS = 500;

/** How many of a plugin's last stderr lines are kept for an error message. */
const STDERR_LINES = 50;

/** A plugin's process and its standard streams. */
export interface PluginProcess {
  /** 0 when the process could not be started. */
  readonly pid: number;
  /** The first line on stdout, without its line feed; `undefined` when stdout closed before one. Rejects when the executable cannot run. */
  readonly firstLine: Promise<string | undefined>;
  /**
   * Settles once the process is gone and all it wrote has been read; what a child of its own still writes is not waited
   * for. Never rejects.
   */
  readonly exited: Promise<ExitStatus>;
  /** The last lines on stderr, oldest first. */
  stderrTail(): string;
  kill(signal: NodeJS.Signals): void;
  /** Removes a file once the process is gone: a plugin that was killed leaves its socket behind. */
  removeWhenGone(path: string): void;
}

/** How a process is started. */
export interface SpawnOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Gets every log line, and every other line that the plugin prints, as an entry. */
  readonly onLog: (entry: LogEntry) => void;
}

/** Starts a plugin's executable. The child is killed when this process exits. */
export function spawnPlugin(options: SpawnOptions): PluginProcess {
  const child = spawn(options.executable, options.args, {
    env: pluginEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const leftovers: string[] = [];
  const removeLeftovers = (): void => {
    for (const path of leftovers) {
      rmSync(path, { force: true });
    }
  };
  // Only synchronous work is done while this process exits.
  const killChild = (): void => {
    child.kill("SIGKILL");
    removeLeftovers();
  };
  process.once("exit", killChild);

  const tail: string[] = [];
  forEachLine(child.stderr, (line) => {
    tail.push(line);
    if (tail.length > STDERR_LINES) {
      tail.shift();
    }
    options.onLog(parseLogEntry(line) ?? plainLine("debug", line));
  });

  return {
    pid: child.pid ?? 0,
    firstLine: readFirstLine(child, (line) => options.onLog(plainLine("debug", line))),
    exited: waitForExit(child).finally(() => {
      process.off("exit", killChild);
      removeLeftovers();
    }),
    stderrTail: () => tail.join("\n"),
    kill: (signal) => void child.kill(signal),
    removeWhenGone: (path) => void leftovers.push(path),
  };
}

function readFirstLine(
  child: ChildProcess & { stdout: Readable },
  onOther: (line: string) => void,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let first = true;
    child.once("error", reject);
    const lines = forEachLine(child.stdout, (line) => {
      if (first) {
        first = false;
        resolve(line);
      } else {
        onOther(line);
      }
    });
    lines.once("close", () => resolve(undefined));
  });
}

function waitForExit(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
    child.once("exit", () => {
      // A process that the plugin left behind may hold its output open for as long as it likes.
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LAST_OUTPUT_MS);
      child.once("close", () => clearTimeout(timer));
    });
    child.once("error", () => {
      if (child.pid === undefined) {
        resolve({ code: undefined, signal: undefined });
      }
    });
  });
}

function forEachLine(input: Readable, onLine: (line: string) => void) {
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
}

function plainLine(level: LogEntry["level"], message: string): LogEntry {
  return { level, message, time: undefined, fields: {} };
}
