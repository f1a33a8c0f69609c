import { createHash } from "node:crypto";

/**
 * The name of a prepared statement. It is the same for the same SQL alone: behind a pooler a session may be another client's next, who must not
 * run something else by it.
 */
export function statementName(sql: string): string {
  return `framewright_${createHash("sha256").update(sql).digest("hex").slice(0, 32)}`;
}
