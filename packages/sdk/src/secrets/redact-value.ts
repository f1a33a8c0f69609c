import { textOf } from "../errors/text-of.js";

/** Takes secrets out of a text. */
export type Redactor = (text: string) => string;

/** How many causes of an error are looked at: one may be its own. */
const MAX_CAUSES = 8;

/**
 * A value without secrets: a text, an error with its stack, causes and gathered errors, or whatever JSON holds. Where there is
 * nothing to be taken out, the value itself; else an error of the same name and code, or what JSON makes of an object.
 */
export function redactValue(value: unknown, redact: Redactor): unknown {
  return redactInner(value, redact, MAX_CAUSES);
}

function redactInner(value: unknown, redact: Redactor, causes: number): unknown {
  if (typeof value === "string") {
    return redact(value);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return value instanceof Error ? redactError(value, redact, causes) : redactJson(value, redact);
}

function redactError(error: Error, redact: Redactor, causes: number): Error {
  const inner = (value: unknown): unknown =>
    value instanceof Error && causes === 0 ? undefined : redactInner(value, redact, causes - 1);
  const message = redact(textOf(error, "message"));
  const stack = redact(textOf(error, "stack"));
  const cause = error.cause === undefined ? undefined : inner(error.cause);
  const gathered = error instanceof AggregateError ? error.errors : undefined;
  const errors = gathered?.map(inner);
  if (
    cause === error.cause &&
    stack === textOf(error, "stack") &&
    message === textOf(error, "message") &&
    (errors ?? []).every((each, index) => each === gathered?.[index])
  ) {
    return error;
  }
  const options = error.cause === undefined ? {} : { cause };
  const copy = errors === undefined ? new Error(message, options) : new AggregateError(errors, message, options);
  const code: unknown = Reflect.get(error, "code");
  Object.defineProperty(copy, "stack", { value: stack, configurable: true, writable: true });
  return Object.assign(copy, { name: textOf(error, "name") }, typeof code === "string" ? { code } : {});
}

function redactJson(value: object, redact: Redactor): unknown {
  let found = false;
  const look = (_key: string, part: unknown): unknown => {
    if (typeof part !== "string") {
      return part;
    }
    const redacted = redact(part);
    found ||= redacted !== part;
    return redacted;
  };
  try {
    const json = JSON.stringify(value, look);
    return found ? JSON.parse(json) : value;
  } catch {
    // A cycle, for example: the log says itself that it is not JSON.
    return value;
  }
}
