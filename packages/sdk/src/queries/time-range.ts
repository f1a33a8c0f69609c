import type { TimeRange as WireTimeRange } from "@framewright/protocol";

/** The span of time a dashboard shows or an alert looks at. */
export interface TimeRange {
  /** The first moment. */
  readonly from: Date;
  /** The last moment. */
  readonly to: Date;
}

/** Furthest a `Date` reaches from 1970, in ms. Source: ECMA-262, "Time Values and Time Range". */
const MAX_DATE_MS = 8_640_000_000_000_000n;

/** A moment from ms since 1970, held within what a `Date` can say. */
export function toDate(ms: bigint): Date {
  const clamped = ms > MAX_DATE_MS ? MAX_DATE_MS : ms < -MAX_DATE_MS ? -MAX_DATE_MS : ms;
  return new Date(Number(clamped));
}

/** A request's time range; the moment 1970 where the request has none. */
export function readTimeRange(range: WireTimeRange | undefined): TimeRange {
  return { from: toDate(range?.fromEpochMS ?? 0n), to: toDate(range?.toEpochMS ?? 0n) };
}
