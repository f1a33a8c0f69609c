import type { Fill } from "@framewright/data";

/** How a query wants the gaps of its time series filled. */
export interface FillSetting {
  /** What stands in a gap. */
  readonly fill: Exclude<Fill, "none">;
  /**
   * Nanoseconds between two rows that the series is to have. `undefined` fills only what is missing at times that another
   * series has.
   */
  readonly interval: bigint | undefined;
}
