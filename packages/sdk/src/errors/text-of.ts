/**
 * A text of an error; empty where something else is in its place. Libraries that copy a server's answer onto an error put
 * null or an object there, and a getter may throw.
 */
export function textOf(error: Error, name: "message" | "name" | "stack"): string {
  try {
    const text: unknown = Reflect.get(error, name);
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}
