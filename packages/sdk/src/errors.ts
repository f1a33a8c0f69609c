import { findCause, type KnownCause } from "./errors/find-cause.js";
import { textOf } from "./errors/read-error.js";
import { type ErrorSource, SourcedError } from "./errors/sourced-error.js";
import { redact } from "./secrets/known-secrets.js";

export { DownstreamError, type ErrorSource, PluginError, type SourcedErrorOptions } from "./errors/sourced-error.js";

/** What a query, health check or resource call answers for a thrown value. */
export interface ErrorAnswer {
  /** For the person who asked; no secret of any data source is in it. */
  readonly message: string;
  /** HTTP status code. */
  readonly status: number;
  readonly source: ErrorSource;
}

/** What a user reads where an error has nothing for them, unless Grafana is configured otherwise; its own default. */
export const USER_FACING_DEFAULT_ERROR = "please inspect Grafana server log for details";

/** Longest message that is answered, in UTF-16 units. */
const MAX_MESSAGE = 10_000;

/**
 * Reads the answer off anything that was thrown, as the Go SDK's `backend` and `experimental/status` do: an error that says
 * whose fault it is, itself or as the cause of another, keeps its word; time-outs, cancellations, connections and certificates
 * that failed, and HTTP statuses are told by name, code or number; whatever else is the plugin's, with status 500.
 *
 * @param userFacingDefault stands in for a message that is not for users, and where there is none
 */
export function errorAnswer(thrown: unknown, userFacingDefault: string = USER_FACING_DEFAULT_ERROR): ErrorAnswer {
  const known = findCause(thrown);
  const message = cut(redact(messageOf(thrown, known, userFacingDefault)));
  const status = known?.status ?? 500;
  const isError = Number.isInteger(status) && status >= 400 && status <= 599;
  return { message, status: isError ? status : 500, source: known?.source ?? "plugin" };
}

function messageOf(thrown: unknown, known: KnownCause | undefined, userFacingDefault: string): string {
  if (known?.error instanceof SourcedError && !known.error.userFacing) {
    return userFacingDefault;
  }
  const own = thrown instanceof Error ? textOf(thrown, "message") : typeof thrown === "string" ? thrown : "";
  const cause = known === undefined ? "" : textOf(known.error, "message");
  // "fetch failed" says nothing; its cause does.
  const message = own.includes(cause) ? own : own === "" ? cause : `${own}: ${cause}`;
  return message === "" ? `unexpected error - ${userFacingDefault}` : message;
}

/** A thrown value for the log, where an error is written with its stack. An object may have no text of its own. */
export function loggableThrown(thrown: unknown): Error | string {
  switch (typeof thrown) {
    case "string":
      return `a string was thrown: ${thrown}`;
    case "object":
      return thrown instanceof Error ? thrown : thrown === null ? "null was thrown" : "an object was thrown";
    case "undefined":
      return "undefined was thrown";
    default:
      return `a ${typeof thrown} was thrown`;
  }
}

function cut(message: string): string {
  const more = message.length - MAX_MESSAGE;
  return more <= 0 ? message : `${message.slice(0, MAX_MESSAGE)}… (${more} more characters)`;
}
