import type { DataQuery } from "@framewright/protocol";
import type { InstanceContext } from "../call-context.js";
import { readTimeRange, type TimeRange } from "./time-range.js";

/** What goes with one query beside its JSON. */
export interface QueryParams {
  /** The query's name within its request. */
  readonly refId: string;
  /** What kind of query it is, as the editor saved it; mostly empty. */
  readonly queryType: string;
  /** The span that the answer is wanted for. */
  readonly timeRange: TimeRange;
  /** Suggested distance between points, in ms. */
  readonly intervalMs: number;
  /** How many points the panel can show. */
  readonly maxDataPoints: number;
}

/** What a query handler gets beside the query itself. */
export interface QueryContext<Instance> extends InstanceContext<Instance>, QueryParams {}

/** Reads what goes with a query. */
export function readQueryParams(query: DataQuery): QueryParams {
  return {
    refId: query.refId,
    queryType: query.queryType,
    timeRange: readTimeRange(query.timeRange),
    intervalMs: Number(query.intervalMS),
    maxDataPoints: Number(query.maxDataPoints),
  };
}
