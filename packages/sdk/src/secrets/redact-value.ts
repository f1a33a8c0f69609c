import { causesOf, memberOf, textOf } from "../errors/read-error.js";
import { DownstreamError, PluginError, SourcedError } from "../errors/sourced-error.js";

/** Takes secrets out of a text. */
export type Redactor = (text: string) => string;

/** How many errors behind one are looked at. Causes may be many, and even lead back to each other. */
const MAX_ERRORS = 32;

/**
 * A value without secrets: a text, a number, an error with its stack, causes and gathered errors, or whatever JSON holds, names
 * too. Where there is nothing to be taken out, the value itself; else an error of the same name, code, status and source, or what
 * JSON makes of an object.
 */
export function redactValue(value: unknown, redact: Redactor): unknown {
  return holdsSecret(value, redact, new Set()) ? copyWithout(value, redact, new Map()) : value;
}

function holdsSecret(value: unknown, redact: Redactor, seen: Set<Error>): boolean {
  if (!(value instanceof Error)) {
    const text = shownText(value);
    return redact(text) !== text;
  }
  if (seen.has(value)) {
    return false;
  }
  seen.add(value);
  // What is not looked at may hold anything.
  return (
    seen.size > MAX_ERRORS ||
    (["message", "stack", "name"] as const).some((name) => redact(textOf(value, name)) !== textOf(value, name)) ||
    causesOf(value).some((cause) => holdsSecret(cause, redact, seen))
  );
}

function copyWithout(value: unknown, redact: Redactor, copies: Map<Error, Error>): unknown {
  if (value instanceof Error) {
    return copyError(value, redact, copies);
  }
  const text = shownText(value);
  const redacted = redact(text);
  if (redacted === text) {
    return value;
  }
  if (typeof value !== "object") {
    return redacted;
  }
  try {
    return JSON.parse(redacted);
  } catch {
    // A secret that was a number, or looked like a part of JSON.
    return redacted;
  }
}

function copyError(error: Error, redact: Redactor, copies: Map<Error, Error>): Error | undefined {
  const known = copies.get(error);
  if (known !== undefined || copies.size === MAX_ERRORS) {
    return known;
  }
  const copy = emptyCopy(error, redact(textOf(error, "message")));
  copies.set(error, copy);
  for (const [name, value] of [
    ["name", redact(textOf(error, "name"))],
    ["stack", redact(textOf(error, "stack"))],
  ] as const) {
    Object.defineProperty(copy, name, { value, configurable: true, writable: true });
  }
  // By which it is told what happened.
  for (const name of ["code", "status", "statusCode", "metadata"]) {
    const member = memberOf(error, name);
    if (member !== undefined && memberOf(copy, name) === undefined) {
      Object.assign(copy, { [name]: copyWithout(member, redact, copies) });
    }
  }
  const cause = memberOf(error, "cause");
  if (cause !== undefined) {
    copy.cause = copyWithout(cause, redact, copies);
  }
  const gathered = memberOf(error, "errors");
  if (copy instanceof AggregateError && Array.isArray(gathered)) {
    copy.errors = gathered.map((each: unknown) => copyWithout(each, redact, copies));
  }
  return copy;
}

/** An error of the kind by which the SDK, or the log, tells errors apart. */
function emptyCopy(error: Error, message: string): Error {
  if (error instanceof SourcedError) {
    const { status, userFacing } = error;
    return error.source === "downstream"
      ? new DownstreamError(message, { status, userFacing })
      : new PluginError(message, { status, userFacing });
  }
  return error instanceof AggregateError ? new AggregateError([], message) : new Error(message);
}

/** The text in which the log shows a value that is no error; empty where it has none, as the log says itself. */
function shownText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
      return String(value);
    case "object":
      try {
        return JSON.stringify(value) ?? "";
      } catch {
        return "";
      }
    default:
      return "";
  }
}
