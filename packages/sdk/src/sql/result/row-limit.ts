import type { Notice } from "@framewright/data";
import { DownstreamError } from "../../errors.js";

/** What Grafana's `row_limit` is unless its administrator says otherwise. Source: conf/defaults.ini, section `dataproxy`. */
export const DEFAULT_ROW_LIMIT = 1_000_000;

/**
 * How many rows a query may have: what Grafana says (`GF_SQL_ROW_LIMIT`), and less where the data source or the query asks
 * for less.
 *
 * @param grafana Grafana's limit. Default, also where it is not above 0: 1,000,000
 * @param own a limit of the data source or the query, which can only lower it
 * @throws {DownstreamError} with status 400, if `own` is no whole number above 0
 */
export function rowLimit(grafana?: number, own?: number): number {
  const most = grafana !== undefined && grafana > 0 ? Math.floor(grafana) || DEFAULT_ROW_LIMIT : DEFAULT_ROW_LIMIT;
  if (own === undefined) {
    return most;
  }
  if (!Number.isSafeInteger(own) || own < 1) {
    throw new DownstreamError(`the row limit must be a whole number above 0, and ${own} is not`, { status: 400 });
  }
  return Math.min(own, most);
}

/** Counts rows up to a limit. Several results can share one. */
export class RowCounter {
  /** How many rows there may be. */
  readonly limit: number;
  #rows = 0;
  #exceeded = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many rows were taken. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether there was a row that was not taken. */
  get exceeded(): boolean {
    return this.#exceeded;
  }

  /** Counts a row that is there. `false` if it is one too many: do not take it, and read no further. */
  take(): boolean {
    if (this.#rows >= this.limit) {
      this.#exceeded = true;
      return false;
    }
    this.#rows++;
    return true;
  }

  /** Counts rows that are there. @returns how many of them to take; where that is fewer, read no further */
  takeSome(rows: number): number {
    const taken = Math.min(rows, this.limit - this.#rows);
    this.#rows += taken;
    this.#exceeded ||= taken < rows;
    return taken;
  }

  /** The notice that Grafana's own data sources give where rows were left out; none where all are there. */
  notices(): Notice[] {
    return this.#exceeded
      ? [
          {
            severity: "warning",
            text: `Results have been limited to ${this.limit} because the SQL row limit was reached`,
          },
        ]
      : [];
  }
}
