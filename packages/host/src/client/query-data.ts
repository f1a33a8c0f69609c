import { decodeArrow, type Frame } from "@framewright/data";
import { DataFrameFormat, QueryDataRequest, type QueryDataResponse } from "@framewright/protocol";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";

/** A request of one or more queries. */
export interface QueryDataCall {
  /** Where the call comes from. */
  readonly context: PluginContextInput;
  /** The queries; each needs a refId of its own. */
  readonly queries: readonly QueryInput[];
  /** Headers as they are on the wire, where an HTTP header's name begins with `http_`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One query as a panel would send it. */
export interface QueryInput {
  /** Names the query within its request. */
  readonly refId: string;
  /** What kind of query it is; empty unless given. */
  readonly queryType?: string;
  /** 1,000 unless given. */
  readonly maxDataPoints?: number;
  /** Suggested distance between points, in ms. 1,000 unless given. */
  readonly intervalMs?: number;
  /** 1970 to 1970 unless given. */
  readonly timeRange?: { readonly from: Date; readonly to: Date };
  /** The query model; `refId` is added to it as Grafana does. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** How a query went. */
export interface QueryError {
  /** Absent when the query succeeded. */
  readonly error: string | undefined;
  /** HTTP status code: the plugin's, or 200 and 500 where it sent none. */
  readonly status: number;
  /** Whose fault the error is, where the plugin says. */
  readonly errorSource: "plugin" | "downstream" | undefined;
}

/** A plugin's answer to one query. */
export interface QueryResult extends QueryError {
  /** The answer; empty where the query failed. */
  readonly frames: readonly Frame[];
}

/** Writes the request message. Frames are asked for as Arrow. */
export function toQueryDataRequest(call: QueryDataCall): QueryDataRequest {
  return QueryDataRequest.fromPartial({
    pluginContext: toWireContext(call.context),
    headers: new Map(Object.entries(call.headers ?? {})),
    format: DataFrameFormat.ARROW,
    queries: call.queries.map((query) => ({
      refId: query.refId,
      queryType: query.queryType ?? "",
      maxDataPoints: BigInt(query.maxDataPoints ?? 1_000),
      intervalMS: BigInt(query.intervalMs ?? 1_000),
      timeRange: {
        fromEpochMS: BigInt(query.timeRange?.from.getTime() ?? 0),
        toEpochMS: BigInt(query.timeRange?.to.getTime() ?? 0),
      },
      json: new TextEncoder().encode(JSON.stringify({ ...query.json, refId: query.refId })),
    })),
  });
}

/**
 * Reads the answers, by refId.
 *
 * @throws ArrowError when a frame's bytes are no Arrow file
 */
export function fromQueryDataResponse(response: QueryDataResponse): Map<string, QueryResult> {
  return new Map(
    [...response.responses].map(([refId, answer]) => [
      refId,
      { frames: answer.frames.map((bytes) => decodeArrow(bytes)), ...answerStatus(answer) },
    ]),
  );
}

/** Reads what an answer says of its success. */
export function answerStatus(answer: { error: string; status: number; errorSource: string }): QueryError {
  const { error, status, errorSource } = answer;
  const failed = error !== "";
  return {
    error: failed ? error : undefined,
    status: status === 0 ? (failed ? 500 : 200) : status,
    errorSource: errorSource === "plugin" || errorSource === "downstream" ? errorSource : undefined,
  };
}
