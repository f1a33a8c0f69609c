import { DownstreamError } from "@framewright/sdk";
import { ConnectionLostError } from "../wire/wire-connection.js";

/**
 * What an ErrorResponse of the server says.
 * Source: https://www.postgresql.org/docs/current/protocol-error-fields.html
 */
export interface ServerError {
  /** `FATAL` and `PANIC` end the connection, `ERROR` a statement. */
  readonly severity: string;
  /** The SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Where in the statement, in characters from 1. */
  readonly position: number | undefined;
}

/** Reads the content of an ErrorResponse: letters, each with a text that ends with a zero. */
export function readServerError(bytes: Buffer, start: number, end: number): ServerError {
  const fields = new Map<string, string>();
  for (let at = start; at < end && bytes[at] !== 0; ) {
    const zero = bytes.indexOf(0, at + 1);
    if (zero < 0 || zero >= end) {
      break;
    }
    fields.set(String.fromCharCode(bytes[at] ?? 0), bytes.toString("utf8", at + 1, zero));
    at = zero + 1;
  }
  const position = fields.get("P");
  return {
    // Older servers have only the one in their own language, which is English for most.
    severity: fields.get("V") ?? fields.get("S") ?? "",
    code: fields.get("C") ?? "",
    message: fields.get("M") ?? "the server gave no reason",
    detail: fields.get("D"),
    hint: fields.get("H"),
    position: position === undefined ? undefined : Number(position),
  };
}

/** Reads the ErrorResponse of a server that is too busy to ask what is spoken: it may be that of 1996, a letter and a text. */
export function readEarlyError(answer: Buffer): ServerError {
  const length = answer.length < 5 ? 0 : 1 + answer.readUInt32BE(1);
  if (length > 5 && length <= answer.length) {
    return readServerError(answer, 5, length);
  }
  const message = answer.toString("utf8", 1).replace(/\0.*$/s, "").trim();
  return { severity: "FATAL", code: "", message, detail: undefined, hint: undefined, position: undefined };
}

/** The SQLSTATE where a prepared statement is not there. */
export const NO_STATEMENT = "26000";

/** Whether the server has ended the connection, and not only refused a statement. */
export function endsConnection({ severity }: ServerError): boolean {
  return severity === "FATAL" || severity === "PANIC";
}

/** The error where bytes are no message of PostgreSQL's. */
export function unreadable(cause?: unknown): ConnectionLostError {
  const text = "the server sent what cannot be read; check that the URL leads to a PostgreSQL server";
  return new ConnectionLostError(text, { cause });
}

/** Puts the server's words into an error with the status that goes with them. @param sql the statement that positions are of */
export function toDownstreamError(error: ServerError, sql: string): DownstreamError {
  const { code, message, position, detail, hint } = error;
  const where = position === undefined ? "" : ` at ${lineAndColumn(sql, position)}`;
  const more = [detail, hint, remedies[code]].filter((text) => text !== undefined);
  const text = [`${message}${code === "" ? "" : ` (SQLSTATE ${code})`}${where}`, ...more].join("; ");
  return new DownstreamError(text, { status: code === "" ? 502 : statusOf(code) });
}

/** What a user can do, where the server does not say. */
const remedies: Readonly<Record<string, string | undefined>> = {
  "25006": "the data source may only read; Read only (readOnly) in its settings says so",
  "28000": "check user, database and TLS mode in the settings, and pg_hba.conf on the server",
  "28P01": "check user and password in the settings",
  "3D000": "check the database in the settings",
  "53300": "the server has no connection left; lower Max open (maxOpenConns) in the settings",
};

/** Errors by the class of their SQLSTATE. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function statusOf(code: string): number {
  switch (code.slice(0, 2)) {
    case "28":
      return 401;
    case "53":
      return 503;
    case "57":
      return code === "57014" ? 504 : 502;
    case "08":
    case "58":
    case "XX":
      return 502;
    case "40":
    case "55":
      return 409;
    default:
      return code === "42501" ? 403 : 400;
  }
}

/** The server counts whole characters, an editor lines and UTF-16 units. */
function lineAndColumn(sql: string, position: number): string {
  const before = [...sql].slice(0, position - 1).join("");
  const line = before.split("\n").length;
  return `${line}:${before.length - before.lastIndexOf("\n")}`;
}
