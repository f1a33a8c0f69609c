import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SystemUser } from "./unprivileged-user.js";

/** A folder in which a server keeps everything it writes. */
export async function serverFolder(name: string, user: SystemUser | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `framewright-${name}-`));
  if (user !== undefined) {
    await chown(folder, user.uid, user.gid);
  }
  return folder;
}

/** How a server is started and stopped. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user: SystemUser | undefined;
  /** A shell command that stops the server at once, and asks its callers not at all; `$server` is its process id. */
  readonly stop: string;
  /** A shell command that removes what the server has elsewhere than in its folder. */
  readonly remove?: string;
  /** Removed when the server has stopped, however that came, unless a file `keep` is in it. */
  readonly folder: string;
}

/** A running server. */
export interface ServerProcess {
  /** What it last wrote, for an error that says why it did not start. */
  output(): string;
  /** Whether it still runs. */
  isRunning(): boolean;
  /** Stops it and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Starts the server, waits on a pipe that only this process holds open, then stops the server, by force where it takes more than 15 s. So it stops when this process
 * ends, also when that was killed. The shell has a session of its own, so that a Ctrl-C at the
 * terminal does not come first.
 */
const SCRIPT = `
trap '' HUP INT PIPE TERM
stop=$1; remove=$2; folder=$3; shift 3
"$@" </dev/null &
server=$!
(
  while IFS= read -r _; do :; done
  eval "$stop" </dev/null >/dev/null
  rounds=0
  while [ "$rounds" -lt 75 ] && kill -0 "$server"; do
    sleep 0.2
    rounds=$((rounds + 1))
  done
  kill -KILL "$server"
) 2>/dev/null <&3 &
exec 3<&-
wait "$server"
code=$?
if [ ! -e "$folder/keep" ]; then
  eval "$remove" </dev/null >/dev/null 2>&1
  rm -rf -- "$folder"
fi
exit "$code"
`;

/** Starts a server that does not outlive this process. */
export function startServer({
  program,
  args,
  env = {},
  user,
  stop,
  remove = ":",
  folder,
}: ServerCommand): ServerProcess {
  const child: ChildProcess = spawn("/bin/sh", ["-c", SCRIPT, "server", stop, remove, folder, program, ...args], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", ...env },
    ...user,
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve();
    });
    child.once("exit", () => resolve());
  });
  let running = true;
  void ended.then(() => {
    running = false;
  });
  return {
    output: () => output,
    isRunning: () => running,
    async stop() {
      const pipe = child.stdio[3];
      if (pipe !== null && pipe !== undefined && "end" in pipe) {
        pipe.on("error", () => {});
        pipe.end();
      }
      await ended;
    },
  };
}

/** Runs a program to its end. @throws Error with what it wrote, if it fails */
export async function runProgram(
  program: string,
  args: readonly string[],
  user: SystemUser | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn(program, args, {
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", ...env },
    ...user,
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) {
    throw new Error(`${program} ended with ${code}: ${output}`);
  }
}

/** Removes what a server has, if a start failed before the server could. */
export async function removeServer({
  env,
  remove = ":",
  folder,
}: Pick<ServerCommand, "env" | "remove" | "folder">): Promise<void> {
  await runProgram("/bin/sh", ["-c", remove], undefined, env).catch(() => {});
  await rm(folder, { recursive: true, force: true });
}
