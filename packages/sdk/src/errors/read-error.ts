/**
 * A member of an error; undefined where it cannot be read. Nothing keeps an error's members from being anything, not even from
 * throwing when they are read, and whoever looks at an error has one already.
 */
export function memberOf(error: Error, name: string): unknown {
  try {
    return Reflect.get(error, name);
  } catch {
    return undefined;
  }
}

/** A text of an error; empty where something else is in its place, as where a library put a server's answer there. */
export function textOf(error: Error, name: "message" | "name" | "stack"): string {
  const text = memberOf(error, name);
  return typeof text === "string" ? text : "";
}

/** The cause of an error, where it has one, and the errors that it gathers. */
export function causesOf(error: Error): readonly unknown[] {
  const cause = memberOf(error, "cause");
  const gathered = error instanceof AggregateError ? memberOf(error, "errors") : undefined;
  return [...(cause === undefined ? [] : [cause]), ...(Array.isArray(gathered) ? gathered : [])];
}
