import { formatLogEntry, type LogLevel } from "@framewright/protocol";
import { redact, withoutKnownSecrets } from "../secrets/known-secrets.js";

/** Values that go with a log line: a name and anything JSON can hold. Errors are logged with their stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes lines into Grafana's log. The secrets of data sources are kept out of them as far as they are known; never pass one all
 * the same.
 */
export interface Logger {
  /** For every step; Grafana shows it only where it is told to. */
  trace(message: string, fields?: LogFields): void;
  /** For who looks for an error; Grafana shows it only where it is told to. */
  debug(message: string, fields?: LogFields): void;
  /** For what is good to know afterwards. */
  info(message: string, fields?: LogFields): void;
  /** For what somebody should look at. */
  warn(message: string, fields?: LogFields): void;
  /** For what failed and should not have. */
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

/**
 * A logger that hands each finished line, without its line feed, to `write`. It never throws: where fields cannot be read, the
 * line says so in their place.
 *
 * @param write where the lines go; the host reads them from the plugin's stderr
 * @param fields go with every line
 */
export function createLogger(write: (line: string) => void, fields: LogFields = {}): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, more: LogFields = {}): void =>
      write(
        formatLogEntry({
          level,
          message: redact(textOfMessage(message)),
          time: new Date(),
          fields: readFields(fields, more),
        }),
      );
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (more) => createLogger(write, { ...fields, ...more }),
  };
}

/** TypeScript asks for a text, but `catch (error: any)` gets anything past it. */
function textOfMessage(message: unknown): string {
  if (typeof message === "string") {
    return message;
  }
  try {
    return String(message);
  } catch {
    return "(a message that is no text)";
  }
}

function readFields(fields: LogFields, more: LogFields): LogFields {
  const read: [name: string, value: unknown][] = [];
  for (const from of [fields, more]) {
    for (const name of Object.keys(from ?? {})) {
      read.push([redact(name), readField(from, name)]);
    }
  }
  return Object.fromEntries(read);
}

function readField(fields: LogFields, name: string): unknown {
  try {
    return withoutKnownSecrets(fields[name]);
  } catch {
    return "(cannot be read)";
  }
}

let stderr: NodeJS.WriteStream | undefined;

/**
 * The plugin's logger: hclog JSON on stderr, which Grafana copies into its own log. Lines that nobody reads any more are lost:
 * without a listener, each would be an uncaught error, to be logged in its turn.
 */
export const log: Logger = createLogger((line) => {
  stderr ??= process.stderr.on("error", () => {});
  stderr.write(`${line}\n`);
});
