import { spawn } from "node:child_process";

/** Ends a plugin whose host is gone without having been able to. */
export interface Watchdog {
  /** Names the plugin's socket, which is removed with the plugin. */
  coverSocket(path: string): void;
  /** Says that the plugin is gone, so that nothing is left to do. */
  dismiss(): void;
}

/**
 * Runs in a shell of its own session: waits on a pipe that only the host holds open, and so learns of the host's end
 * however it came. `$1` is the plugin's process id; a line on the pipe is the plugin's socket, or `done`.
 * The plugin gets SIGTERM, then 2.5 s, which is more than one made with `@framewright/sdk` takes to close what it has open.
 * A dead process whose new parent does not ask for it stays in the table, on Linux with the state Z.
 */
const SCRIPT = `
trap '' HUP INT TERM
socket=
while IFS= read -r line; do
  if [ "$line" = done ]; then exit 0; fi
  socket=$line
done
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  state=$(sed 's/.*) \\(.\\).*/\\1/' "/proc/$1/stat" 2>/dev/null)
  [ "$state" != Z ]
}
kill -TERM "$1" 2>/dev/null
rounds=0
while [ "$rounds" -lt 25 ] && runs "$1"; do
  sleep 0.1
  rounds=$((rounds + 1))
done
kill -KILL "$1" 2>/dev/null
if [ -n "$socket" ]; then rm -f -- "$socket"; fi
`;

/**
 * Has a plugin's process ended should this one be killed: SIGKILL runs no exit handler. Where there is no `/bin/sh`, as on
 * Windows, there is no watchdog, and only a plugin that looks after its parent itself ends.
 */
export function watchOver(pid: number): Watchdog {
  if (process.platform === "win32") {
    return { coverSocket() {}, dismiss() {} };
  }
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "framewright-watchdog", String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
  });
  // It neither keeps this process alive nor fails it.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") {
    shell.stdin.unref();
  }
  return {
    coverSocket: (path) => void shell.stdin.write(`${path}\n`),
    dismiss: () => void shell.stdin.end("done\n"),
  };
}
