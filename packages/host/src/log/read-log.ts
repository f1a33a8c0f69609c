import { type LogEntry, type LogLevel, parseLogEntry } from "@framewright/protocol";
import type { OutputLine } from "./split-lines.js";

/** What a plugin may put before a plain line to give it a level. */
const PREFIXES: readonly (readonly [string, LogLevel])[] = [
  ["[TRACE]", "trace"],
  ["[DEBUG]", "debug"],
  ["[INFO]", "info"],
  ["[WARN]", "warn"],
  ["[ERROR]", "error"],
];

/** How the Go runtime begins what it writes when a program crashes. */
const PANIC = /^(panic|fatal error): /;

/**
 * Makes a reader of one plugin's stderr that gives each line the level that go-plugin gives it: hclog's JSON says its
 * own, a plain line may begin with `[WARN]` or the like, everything from a Go panic on is an error, and the rest is
 * debug. Source: go-plugin's client.go, `logStderr`.
 */
export function createLogReader(): (line: OutputLine) => LogEntry {
  let inPanic = false;
  return ({ text, piece }) => {
    if (piece) {
      return plainEntry("debug", text);
    }
    const entry = parseLogEntry(text);
    if (entry !== undefined) {
      return entry;
    }
    const prefixed = PREFIXES.find(([prefix]) => text.startsWith(prefix));
    if (prefixed !== undefined) {
      return plainEntry(prefixed[1], text);
    }
    inPanic ||= PANIC.test(text);
    return plainEntry(inPanic ? "error" : "debug", text);
  };
}

/** A line that is not hclog's. */
export function plainEntry(level: LogLevel, message: string): LogEntry {
  return { level, message, time: undefined, fields: {} };
}
