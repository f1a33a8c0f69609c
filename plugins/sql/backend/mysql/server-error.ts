import { DownstreamError } from "@framewright/sdk";

/** What an error packet says. */
export interface ServerError {
  readonly code: number;
  /** The SQLSTATE; empty for errors before the login. */
  readonly state: string;
  readonly message: string;
}

/** Reads an error packet: its lead, a code, a # and the SQLSTATE, and a text. */
export function readServerError(packet: Buffer, start: number, end: number): ServerError {
  const hasState = packet[start + 3] === 0x23;
  return {
    code: packet.readUInt16LE(start + 1),
    state: hasState ? packet.toString("latin1", start + 4, start + 9) : "",
    message: packet.toString("utf8", start + (hasState ? 9 : 3), end),
  };
}

/** What an error while an answer was read becomes: bytes that no such answer has are the server's fault. */
export function toReadingError(error: unknown): unknown {
  return error instanceof RangeError
    ? new DownstreamError("unexpected bytes from the server; check that url leads to MySQL or MariaDB", {
        status: 502,
        cause: error,
      })
    : error;
}

/** What an error in binary rows becomes: what speaks MySQL's protocol may have rows of its own. */
export function toBinaryError(error: RangeError): DownstreamError {
  const text =
    "the server's binary rows are not as MySQL's; all is asked for as text from now on: run the query again, and switch binaryResults off in the settings";
  return new DownstreamError(text, { status: 502, cause: error });
}

/** Whether a statement failed for what happened to it, and not for what it is: it was stopped, took too long, or met others' locks. */
export function wasStopped({ code }: ServerError): boolean {
  const [status = 400] = known[code] ?? [];
  return status === 409 || status === 502 || status === 504;
}

/** The server does not know a statement by its number. */
export const UNKNOWN_STATEMENT = 1243;

/**
 * Errors of a prepared statement that the statement alone would not meet: an unknown command, wrong arguments, an unknown statement, one that cannot be
 * prepared, too many of them, one that would have to be prepared anew, a malformed packet.
 */
const unprepared = new Set([1047, 1210, UNKNOWN_STATEMENT, 1295, 1461, 1615, 1835]);

/** Whether an error is about the preparing of a statement, which has not run then. */
export function isUnprepared({ code }: ServerError): boolean {
  return unprepared.has(code);
}

/** Errors of that kind that may be over soon: a node that is not ready, wrong arguments, and those of {@link isAtItsLimit}. */
const passing = new Set([1047, 1210, 1461, 1615]);

/** Whether an error says nothing of the statement, which may be prepared and run the next time. */
export function isPassing({ code }: ServerError): boolean {
  return passing.has(code);
}

/** Whether an error says that the server prepares no more statements now, or would have to prepare one anew too often. */
export function isAtItsLimit({ code }: ServerError): boolean {
  return code === 1461 || code === 1615;
}

/** Puts the server's words into an error with the status that goes with them. */
export function toDownstreamError({ code, state, message }: ServerError): DownstreamError {
  const [status = 400, remedy] = known[code] ?? [/^(08|HY001)/.test(state) ? 502 : 400];
  const text = `${message} (error ${code}${state === "" ? "" : `, SQLSTATE ${state}`})`;
  return new DownstreamError(remedy === undefined ? text : `${text}; ${remedy}`, { status });
}

/** Errors that are not the statement's, and what a user can do. Source: https://dev.mysql.com/doc/mysql-errors/en/ */
const known: Readonly<Record<number, readonly [status: number, remedy?: string]>> = {
  1040: [503, "the server has no connection left; lower Max open (maxOpenConns) in the settings"],
  1044: [401, "check user and database in the settings"],
  1045: [401, "check user and password in the settings"],
  1049: [400, "check the database in the settings"],
  1053: [502],
  1077: [502],
  1129: [502],
  1130: [401, "the server takes no connections from where Grafana runs"],
  1142: [403],
  1143: [403],
  1203: [503, "the user has no connection left; lower Max open (maxOpenConns) in the settings"],
  1205: [409],
  1213: [409],
  1226: [503, "the user has no connection left; lower Max open (maxOpenConns) in the settings"],
  1227: [403],
  1298: [400, "give the session time zone as an offset such as +02:00, or load the server's time zone tables"],
  1317: [504],
  1370: [403],
  1698: [401, "check user and password in the settings"],
  1792: [400, "the data source may only read; Read only (readOnly) in its settings says so"],
  1927: [502],
  1969: [504],
  3024: [504],
  3159: [401, "the server wants TLS; choose another TLS mode in the settings"],
  4031: [502],
};
