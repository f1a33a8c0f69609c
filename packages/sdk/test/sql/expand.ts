import { type ExpandOptions, expandMacros, postgres } from "../../src/sql/index.js";

/** The time range that Grafana's own tests of its macros use. */
const evening = { from: new Date("2018-04-12T18:00:00Z"), to: new Date("2018-04-12T18:05:00Z") };

/** Before 1970, from end to end. */
export const sixties = { from: new Date("1960-02-01T07:00:00Z"), to: new Date("1965-02-03T08:00:00Z") };

/** From before 1970 to after it. */
export const acrossEpoch = { from: new Date("1960-02-01T07:00:00Z"), to: new Date("1980-02-03T08:00:00Z") };

/** What the macros of a query become, unless told otherwise for PostgreSQL in the range {@link evening}. */
export function expand(sql: string, options: Partial<ExpandOptions> = {}) {
  return expandMacros(sql, { dialect: postgres, timeRange: evening, intervalMs: 60_000, ...options });
}
