/**
 * Log lines as go-plugin's hosts read them from a plugin's stderr: hclog's JSON, one object a line.
 * Source: https://github.com/hashicorp/go-hclog (intlogger.go, `logJSON`).
 */

/** hclog's levels, from the least to the most urgent. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** One of hclog's levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One log line, taken apart. */
export interface LogEntry {
  /** How urgent it is. */
  readonly level: LogLevel;
  /** The line's text. */
  readonly message: string;
  /** When the line was written; absent when the line did not say. */
  readonly time: Date | undefined;
  /** Everything else the line carried. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Longest line that is written, in bytes. go-plugin reads lines into a buffer of 64 KiB and takes what is longer apart into
 * pieces of plain text, without level and fields (client.go, `logStderr`).
 */
const MAX_LINE_BYTES = 64 * 1024 - 1;

/** How much is kept of each text of a line that would be too long, in UTF-16 units. */
const KEPT_LENGTH = 4_000;

/**
 * Writes an entry as one line of hclog JSON, without its line feed. A field whose value JSON cannot hold
 * (a cycle, a function) is replaced by a text that says so, and a line that would be too long for go-plugin's host has its
 * longest texts cut: a log line is never lost to its fields.
 */
export function formatLogEntry(entry: LogEntry): string {
  const line = jsonOfEntry(entry);
  if (line.length * 3 <= MAX_LINE_BYTES || Buffer.byteLength(line) <= MAX_LINE_BYTES) {
    return line;
  }
  const message = shorten(entry.message);
  const shortened = Object.entries(entry.fields).map(([key, value]) => [shorten(key), shortenValue(value)] as const);
  const cut = jsonOfEntry({ ...entry, message, fields: Object.fromEntries(shortened) });
  return Buffer.byteLength(cut) <= MAX_LINE_BYTES
    ? cut
    : jsonOfEntry({ ...entry, message, fields: { leftOut: `${shortened.length} fields, which were too long` } });
}

function jsonOfEntry(entry: LogEntry): string {
  const line: Record<string, unknown> = {
    "@level": entry.level,
    "@message": entry.message,
    "@timestamp": formatTime(entry.time ?? new Date()),
  };
  for (const [key, value] of Object.entries(entry.fields)) {
    if (value !== undefined && !key.startsWith("@")) {
      line[key] = loggable(value);
    }
  }
  try {
    return JSON.stringify(line);
  } catch {
    for (const key of Object.keys(entry.fields)) {
      line[key] = jsonOrNote(line[key]);
    }
    return JSON.stringify(line);
  }
}

/**
 * Reads one line of hclog JSON as go-plugin does (log_entry.go, client.go `logStderr`); `undefined` for any other text,
 * which a host logs as it stands: JSON that is no object, has no known level, or a time in another form than hclog's.
 */
export function parseLogEntry(line: string): LogEntry | undefined {
  if (!line.startsWith("{")) {
    return undefined;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return undefined;
  }
  const {
    "@level": levelText,
    "@message": message = "",
    "@timestamp": timestamp,
    ...fields
  } = parsed as Record<string, unknown>;
  const level = typeof levelText === "string" ? levelText.trim().toLowerCase() : undefined;
  const known = LOG_LEVELS.find((name) => name === level);
  if (known === undefined || typeof message !== "string" || !isTimestamp(timestamp)) {
    return undefined;
  }
  return { level: known, message, time: timestamp === undefined ? undefined : new Date(timestamp), fields };
}

function isTimestamp(value: unknown): value is string | undefined {
  if (value === undefined) {
    return true;
  }
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}(Z|[+-]\d{2}:\d{2})$/;
  return typeof value === "string" && form.test(value) && !Number.isNaN(Date.parse(value));
}

/** go-plugin's host reads times with six decimals only, and a line with another time as plain text (log_entry.go). */
function formatTime(time: Date): string {
  return time.toISOString().replace("Z", "000Z");
}

function shortenValue(value: unknown): unknown {
  const shown = loggable(value);
  const text = typeof shown === "string" ? shown : jsonText(shown);
  return text.length > KEPT_LENGTH ? shorten(text) : shown;
}

function shorten(text: string): string {
  const more = text.length - KEPT_LENGTH;
  return more <= 0 ? text : `${text.slice(0, KEPT_LENGTH)}… (${more} more characters)`;
}

function loggable(value: unknown): unknown {
  return value instanceof Error ? describeError(value) : typeof value === "bigint" ? String(value) : value;
}

/** How many causes of causes are written. */
const MAX_CAUSES = 5;

/**
 * An error with its stack and what caused it. Not every engine begins the stack with the error's name and message. What is not as
 * it should be in an error, or cannot be read, is left out.
 */
function describeError(error: Error, depth = 0): string {
  const title = titleOf(error);
  const stack = memberOf(error, "stack");
  const text = typeof stack !== "string" ? title : stack.startsWith(title) ? stack : `${title}\n${stack}`.trimEnd();
  const gathered = error instanceof AggregateError ? memberOf(error, "errors") : undefined;
  const causes = [memberOf(error, "cause"), ...(Array.isArray(gathered) ? gathered : [])].filter(
    (cause) => cause !== undefined,
  );
  if (causes.length === 0 || depth === MAX_CAUSES) {
    return text;
  }
  const described = causes.map((cause) => (cause instanceof Error ? describeError(cause, depth + 1) : jsonText(cause)));
  return [text, ...described].join("\ncaused by: ");
}

/** Name and message, as `String` puts them together where they can be made texts. */
function titleOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return "(an error whose texts cannot be read)";
  }
}

function memberOf(error: Error, name: string): unknown {
  try {
    return Reflect.get(error, name);
  } catch {
    return undefined;
  }
}

/** A thrown value that is no error, as text that cannot fail. */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

function jsonOrNote(value: unknown): unknown {
  try {
    JSON.stringify(value);
    return value;
  } catch (error) {
    // An author's `toJSON` may throw anything.
    const why = error instanceof Error ? titleOf(error).split("\n")[0] : jsonText(error);
    return `(not JSON: ${why})`;
  }
}
