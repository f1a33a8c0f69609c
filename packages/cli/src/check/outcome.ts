import { PluginCallError } from "@framewright/host";

/** How a call ended: with its answer, or with a gRPC status. */
export type Outcome<T> =
  | { readonly ok: true; readonly code: "OK"; readonly value: T; readonly details: "" }
  | { readonly ok: false; readonly code: string; readonly details: string };

/** Turns a call that fails with a gRPC status into a value. Whatever else it throws is thrown. */
export async function outcome<T>(call: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, code: "OK", value: await call, details: "" };
  } catch (error) {
    if (error instanceof PluginCallError) return { ok: false, code: error.code, details: error.message };
    throw error;
  }
}

/** A call that was answered, be it with an error of the plugin's: what is not is a lost connection or no answer at all. */
export function isAnswered({ code }: { readonly code: string }): boolean {
  return code !== "UNAVAILABLE" && code !== "DEADLINE_EXCEEDED";
}
