import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { type OutputLine, splitLines } from "../log/split-lines.js";
import type { ExitStatus } from "./exit-status.js";
import { watchOver } from "./watchdog.js";
import { whenHostExits } from "./when-host-exits.js";

/** How long what a plugin wrote last may take to arrive once the plugin is gone, in ms. */
const LAST_OUTPUT_MS = 500;

/** A plugin's process. */
export interface PluginProcess {
  /** 0 when the process could not be started. */
  readonly pid: number;
  /** Rejects with the system's error when the executable cannot run. */
  readonly spawned: Promise<void>;
  /** Settles when stdout has been closed, by the plugin or by its end. */
  readonly stdoutClosed: Promise<void>;
  /**
   * Settles once the process is gone and all it wrote has been read; what a child of its own still writes is not waited
   * for. Never rejects.
   */
  readonly exited: Promise<ExitStatus>;
  /** Sends the process a signal. */
  kill(signal: NodeJS.Signals): void;
  /** Removes a socket once the process is gone: a plugin that was killed leaves it behind. */
  coverSocket(path: string): void;
}

/** How a process is started. */
export interface LaunchOptions {
  /** Path of the program. */
  readonly executable: string;
  /** Its arguments; none unless given. */
  readonly args?: readonly string[];
  /** The whole environment: nothing of this process's own is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets each line that the program prints, the handshake among them. */
  readonly onStdout: (line: OutputLine) => void;
  /** Gets each line of the program's stderr. */
  readonly onStderr: (line: OutputLine) => void;
}

/** Starts an executable. It is killed when this process exits, and ended by a watchdog when this process is killed. */
export function launchPlugin(options: LaunchOptions): PluginProcess {
  const child = spawn(options.executable, options.args ?? [], {
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const watchdog = child.pid === undefined ? undefined : watchOver(child.pid);
  const sockets: string[] = [];
  const removeSockets = (): void => {
    for (const path of sockets) {
      rmSync(path, { force: true });
    }
  };
  const forget = whenHostExits(() => {
    child.kill("SIGKILL");
    removeSockets();
  });
  child.once("exit", () => {
    removeSockets();
    watchdog?.dismiss();
    forget();
  });
  splitLines(child.stdout, options.onStdout);
  splitLines(child.stderr, options.onStderr);

  const spawned = new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      if (child.pid === undefined) {
        forget();
      }
      reject(error);
    });
  });
  // Whoever does not look at it learns of the failure from the exit.
  spawned.catch(() => {});

  return {
    pid: child.pid ?? 0,
    spawned,
    stdoutClosed: new Promise((resolve) => child.stdout.once("close", resolve)),
    exited: waitForExit(child),
    kill: (signal) => void child.kill(signal),
    coverSocket(path) {
      sockets.push(path);
      watchdog?.coverSocket(path);
    },
  };
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
