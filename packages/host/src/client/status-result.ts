import type { StatusResult } from "@framewright/protocol";

/** Why something was refused or failed, like Kubernetes' `metav1.Status`. */
export interface Refusal {
  /** For people. */
  readonly message: string;
  /** For programs: one word, such as `Invalid`; empty when the plugin sent none. */
  readonly reason: string;
  /** HTTP status code; 0 when the plugin sent none. */
  readonly code: number;
}

/** Reads the outcome; `undefined` when the plugin sent none, or success. */
export function refusal(result: StatusResult | undefined): Refusal | undefined {
  if (result === undefined || result.status === "Success") {
    return undefined;
  }
  const { message, reason, code } = result;
  return { message, reason, code };
}
