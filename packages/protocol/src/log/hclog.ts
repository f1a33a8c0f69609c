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
  readonly level: LogLevel;
  readonly message: string;
  /** When the line was written; absent when the line did not say. */
  readonly time: Date | undefined;
  /** Everything else the line carried. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Writes an entry as one line of hclog JSON, without its line feed. A field whose value JSON cannot hold
 * (a cycle, a function) is replaced by a text that says so: a log line is never lost to its fields.
 */
export function formatLogEntry(entry: LogEntry): string {
  const line: Record<string, unknown> = {
    "@level": entry.level,
    "@message": entry.message,
    "@timestamp": (entry.time ?? new Date()).toISOString(),
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

/** Reads one line of hclog JSON; `undefined` for any other text. */
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
    "@level": level,
    "@message": message,
    "@timestamp": timestamp,
    ...fields
  } = parsed as Record<string, unknown>;
  if (typeof level !== "string" || typeof message !== "string") {
    return undefined;
  }
  const time = typeof timestamp === "string" ? new Date(timestamp) : undefined;
  return {
    level: LOG_LEVELS.find((known) => known === level) ?? "info",
    message,
    time: time === undefined || Number.isNaN(time.getTime()) ? undefined : time,
    fields,
  };
}

function loggable(value: unknown): unknown {
  if (value instanceof Error) {
    return describeError(value);
  }
  return typeof value === "bigint" ? String(value) : value;
}

/** How many causes of causes are written. */
const MAX_CAUSES = 5;

/** An error with its stack and what caused it. Not every engine begins the stack with the error's name and message. */
function describeError(error: Error, depth = 0): string {
  const title = String(error);
  const stack = error.stack ?? "";
  const text = stack.startsWith(title) ? stack : `${title}\n${stack}`.trimEnd();
  const causes = [error.cause, ...(error instanceof AggregateError ? error.errors : [])].filter(
    (cause) => cause !== undefined,
  );
  if (causes.length === 0 || depth === MAX_CAUSES) {
    return text;
  }
  const described = causes.map((cause) => (cause instanceof Error ? describeError(cause, depth + 1) : jsonText(cause)));
  return [text, ...described].join("\ncaused by: ");
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
    return `(not JSON: ${error instanceof Error ? error.message.split("\n")[0] : String(error)})`;
  }
}
