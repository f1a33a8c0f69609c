import type { DataFrameFormat, DataQuery } from "@framewright/protocol";
import { errorAnswer } from "../errors.js";
import type { QueryAnswer } from "./query-answer.js";

/** The queries of one request, and how they are answered. */
export interface QueryRun {
  readonly queries: readonly DataQuery[];
  /** The encoding the caller wants its frames in. */
  readonly format: DataFrameFormat;
  /** How many queries run at a time. */
  readonly limit: number;
  /** Aborts when the caller no longer waits. */
  readonly callSignal: AbortSignal;
  /** Aborts with it, and when the time is up while there is still some left to say so. */
  readonly signal: AbortSignal;
  /** Answers one query. */
  ask(query: DataQuery): Promise<QueryAnswer>;
  /** Runs the work of one query: what nobody catches in it is its failure. */
  scope<T>(query: DataQuery, work: () => Promise<T>): Promise<T>;
  /** Is told of each failed query, for the log. */
  onError(query: DataQuery, error: unknown): void;
  /** What a user reads in place of a message that is not for them. */
  readonly userFacingDefault: string;
}

/** What an answer says of a failure. */
export function errorFields(
  error: unknown,
  userFacingDefault: string,
): { error: string; status: number; errorSource: string } {
  const { message, status, source } = errorAnswer(error, userFacingDefault);
  return { error: message, status, errorSource: source };
}

/** The refIds that more than one query of a request has. */
export function repeatedRefIds(queries: readonly DataQuery[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { refId } of queries) {
    (seen.has(refId) ? repeated : seen).add(refId);
  }
  return repeated;
}
