import { DownstreamError, PluginError } from "../../errors.js";
import { type Redactor, redactValue } from "../../secrets/redact-value.js";

/**
 * The error as it is where no secret is in it; else one of the same kind, status and causes without it. A path may hold a
 * token, and so what names a URL is looked through too.
 */
export function withoutSecrets(error: unknown, redact: Redactor): unknown {
  const Sourced =
    error instanceof DownstreamError ? DownstreamError : error instanceof PluginError ? PluginError : null;
  if (Sourced === null || !(error instanceof Sourced)) {
    return redactValue(error, redact);
  }
  const message = redact(error.message);
  const cause = redactValue(error.cause, redact);
  return message === error.message && cause === error.cause
    ? error
    : new Sourced(message, { status: error.status, userFacing: error.userFacing, cause });
}
