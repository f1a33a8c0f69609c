import type { Lease } from "@framewright/sdk/sql";
import * as messages from "./messages.js";
import type { PostgresConnection } from "./postgres-connection.js";

/** Frees the locks that are a session's, and that no transaction's end frees. */
export const freeLocks = "SELECT pg_advisory_unlock_all()";

/** How long the server may take to end what a statement has left, in ms, before its connection is given up. */
const GIVE_BACK_MS = 10_000;

/** How a connection was used. */
export interface Use {
  readonly lease: Lease<PostgresConnection>;
  readonly sql: string;
  /** Whether something was sent behind the statement that frees its locks. */
  readonly isSurrounded: boolean;
}

/** Gives a connection back where all has come and nothing is left to tidy up, which needs no wait. @returns whether that was so */
export function giveBackNow({ lease, sql, isSurrounded }: Use): boolean {
  const { connection } = lease;
  try {
    if (connection.isBeingStopped || !connection.drainNow() || leftBehind(connection, sql, isSurrounded) !== "") {
      return false;
    }
    lease.release(connection.hasFailed ? "broken" : "usable");
  } catch {
    lease.release("broken");
  }
  return true;
}

/** Reads what is left, and gives a connection back as the next caller wants it. Never rejects. @param stop has the server stop first */
export async function giveBack({ lease, sql, isSurrounded }: Use, stop: boolean): Promise<void> {
  const { connection } = lease;
  const timer = setTimeout(() => connection.close(), GIVE_BACK_MS).unref();
  try {
    if (stop) {
      void connection.cancel();
    }
    await connection.drain();
    // What was to free the locks may itself have been stopped.
    const wasStopped = await connection.settle();
    const rest = leftBehind(connection, sql, isSurrounded && !wasStopped);
    if (rest !== "") {
      connection.send(1, messages.query(rest));
      await connection.drain();
    }
    lease.release(connection.isInTransaction ? "broken" : "usable");
  } catch {
    lease.release("broken");
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until the work is done, or nobody waits any more. */
export async function orAbort(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    return;
  }
  await new Promise<void>((resolve) => {
    const done = (): void => resolve();
    signal.addEventListener("abort", done, { once: true });
    void work.then(() => {
      signal.removeEventListener("abort", done);
      resolve();
    });
  });
}

/** What frees the next caller of what a statement has left in the session; where something came behind it, that did. */
function leftBehind({ isInTransaction }: PostgresConnection, sql: string, isSurrounded: boolean): string {
  if (isInTransaction) {
    return `ROLLBACK; ${freeLocks}`;
  }
  return !isSurrounded && /advisory/i.test(sql) ? freeLocks : "";
}
