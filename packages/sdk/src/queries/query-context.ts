import type { InstanceContext } from "../call-context.js";
import type { TimeRange } from "./time-range.js";

/** What a query handler gets beside the query itself. */
export interface QueryContext<Instance> extends InstanceContext<Instance> {
  /** The query's name within its request. */
  readonly refId: string;
  readonly queryType: string;
  readonly timeRange: TimeRange;
  /** Suggested distance between points, in ms. */
  readonly intervalMs: number;
  /** How many points the panel can show. */
  readonly maxDataPoints: number;
}
