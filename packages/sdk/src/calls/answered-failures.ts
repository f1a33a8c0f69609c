import type { QueryChunkedDataResponse, QueryDataResponse } from "@framewright/protocol";
import type { CallFailure } from "./call-record.js";

type AnsweredQuery = Pick<QueryChunkedDataResponse, "error" | "status" | "errorSource">;

/** The failures among the queries that were answered. */
export function failedQueries({ responses }: QueryDataResponse): CallFailure[] {
  return [...responses.values()].flatMap(failedQuery);
}

/** The failure that a piece of an answer tells of, if it does. */
export function failedQuery({ error, status, errorSource }: AnsweredQuery): CallFailure[] {
  return error === "" ? [] : [{ status, source: errorSource === "downstream" ? "downstream" : "plugin" }];
}
