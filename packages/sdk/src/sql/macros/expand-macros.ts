import type { TimeRange } from "../../queries/time-range.js";
import type { SqlDialect } from "../dialect.js";
import type { FillSetting } from "../fill-setting.js";
import { sqlTokens } from "../syntax/sql-tokens.js";
import { Expansion, MAX_DEPTH } from "./expansion.js";
import type { Macros } from "./macro.js";

/** What {@link expandMacros} needs to know of a query. The context of a query handler has the first two of it. */
export interface ExpandOptions {
  /** The span that time filters keep. */
  readonly timeRange: TimeRange;
  /** Suggested distance between points, in ms. */
  readonly intervalMs: number;
  /** The engine's syntax and macros. */
  readonly dialect: SqlDialect;
  /** More macros, such as a plugin's own. They win over those of the dialect. */
  readonly macros?: Macros;
  /** What `$__table` becomes. */
  readonly table?: string | undefined;
  /** What `$__column` becomes. */
  readonly column?: string | undefined;
  /** When the query runs. Default: now. */
  readonly now?: Date;
  /**
   * Whether a text that is nothing but `'$__interval'` or `'$__interval_ms'` is replaced, too, as in
   * `time_bucket('$__interval', time)`. In dashboards Grafana does so before the query is sent, for alert rules it does not.
   * Default `false`.
   */
  readonly quotedInterval?: boolean;
}

/** A query whose macros have been replaced. */
export interface ExpandedSql {
  /** What can be run. */
  readonly sql: string;
  /** How gaps are to be filled, where a macro says so. */
  readonly fill: FillSetting | undefined;
  /** Whether a macro names the time column and says that it holds seconds since 1970. */
  readonly timeInSeconds: boolean;
}

/**
 * Replaces the macros of a query, those in the arguments of others first. Quoted text and comments stay as they are. It
 * takes a time in proportion to the text.
 *
 * ```ts
 * const { sql, fill } = expandMacros("SELECT $__timeGroupAlias(t, '5m', 0), avg(v) FROM m WHERE $__timeFilter(t) GROUP BY 1", {
 *   dialect: postgres,
 *   ...context,
 * });
 * ```
 *
 * @throws {DownstreamError} with status 400, the macro's name, line and column, and how it is written, if there is no such
 *   macro, its arguments are wrong or its closing parenthesis is missing; also if parentheses are nested more than 10,000
 *   deep, or the SQL becomes longer than 16 million characters
 */
export function expandMacros(sql: string, options: ExpandOptions): ExpandedSql {
  // So short a text is neither too deep nor too long, and most queries of variables and tables have no macro.
  if (sql.length <= MAX_DEPTH && !sql.includes("$__")) {
    return { sql, fill: undefined, timeInSeconds: false };
  }
  const expansion = new Expansion(sql, options);
  for (const token of sqlTokens(sql, options.dialect.syntax)) {
    expansion.read(token);
  }
  return expansion.finish();
}
