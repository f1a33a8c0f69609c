import { codeOf } from "./code-of.js";
import { errorSourceOfStatus } from "./error-source-of-status.js";
import { causesOf, memberOf, textOf } from "./read-error.js";
import { type ErrorSource, SourcedError } from "./sourced-error.js";

/** The error, of those behind a thrown value, that says what happened. */
export interface KnownCause {
  readonly error: Error;
  readonly status: number;
  readonly source: ErrorSource;
}

/** Errors that are looked at behind one thrown value. Causes may be many, and even lead back to each other. */
const MAX_ERRORS = 32;

/** Finds what a thrown value says of itself, or what its causes do; undefined where none is known. */
export function findCause(thrown: unknown): KnownCause | undefined {
  const errors = withCauses(thrown);
  for (const read of [readSource, readTimeout, readCancellation, readConnection, readHttpStatus, readPermission]) {
    const matching = errors.filter((error) => read(error) !== undefined);
    // Node gathers the failed connections to a host's several addresses in an error without a message of its own.
    const error = matching.find((candidate) => textOf(candidate, "message") !== "") ?? matching[0];
    const known = error && read(error);
    if (error !== undefined && known !== undefined) {
      return { error, status: known[0], source: known[1] };
    }
  }
  return undefined;
}

/** The thrown error, its cause and the errors it gathers, their causes and so on, the nearest first. */
function withCauses(thrown: unknown): Error[] {
  const found = new Set<Error>();
  const queue = [thrown];
  for (const next of queue) {
    if (next instanceof Error && !found.has(next) && found.size < MAX_ERRORS) {
      found.add(next);
      queue.push(...causesOf(next));
    }
  }
  return [...found];
}

/** Status and source, where an error has them. */
type Read = readonly [status: number, source: ErrorSource] | undefined;

function readSource(error: Error): Read {
  return error instanceof SourcedError ? [error.status, error.source] : undefined;
}

/** Codes of Node's and undici's time-outs. */
const TIMEOUTS = /^(E(SOCKET)?TIMEDOUT|UND_ERR_\w+_TIMEOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/;

function readTimeout(error: Error): Read {
  const timedOut = textOf(error, "name") === "TimeoutError" || TIMEOUTS.test(codeOf(error)) || grpcCodeOf(error) === 4;
  return timedOut ? [504, "downstream"] : undefined;
}

function readCancellation(error: Error): Read {
  const cancelled = textOf(error, "name") === "AbortError" || codeOf(error) === "ABORT_ERR" || grpcCodeOf(error) === 1;
  return cancelled ? [499, "downstream"] : undefined;
}

/** Codes of connections that could not be made or broke off: those of the system, of undici and of Bun. */
const CONNECTIONS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EPIPE",
  "EPROTO",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "ConnectionRefused",
  "ConnectionClosed",
  "ConnectionReset",
  "FailedToOpenSocket",
  "DNSException",
]);

/**
 * Codes of certificates that were not accepted and of TLS that could not be agreed on. Source:
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const TLS =
  /^(CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|INVALID_CA$|PATH_LENGTH_EXCEEDED$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_|ERR_SSL_|UNKNOWN_CERTIFICATE_VERIFICATION_ERROR$)/;

function readConnection(error: Error): Read {
  const code = codeOf(error);
  return CONNECTIONS.has(code) || TLS.test(code) ? [502, "downstream"] : undefined;
}

/** Many HTTP clients throw errors that have the answer's status. */
function readHttpStatus(error: Error): Read {
  for (const name of ["status", "statusCode"]) {
    const status = memberOf(error, name);
    if (typeof status === "number" && Number.isInteger(status) && status >= 400 && status <= 599) {
      return [status, errorSourceOfStatus(status)];
    }
  }
  return undefined;
}

/** The system does not let the plugin; the status is the Go SDK's (backend/status.go, `statusFromError`). */
function readPermission(error: Error): Read {
  return ["EACCES", "EPERM"].includes(codeOf(error)) ? [401, "plugin"] : undefined;
}

/** The status of a gRPC call that failed: https://grpc.io/docs/guides/status-codes/ */
function grpcCodeOf(error: Error): number | undefined {
  const code = memberOf(error, "code");
  return typeof code === "number" && memberOf(error, "metadata") !== undefined ? code : undefined;
}
