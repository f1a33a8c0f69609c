import type { TimeRange } from "../../queries/time-range.js";
import type { FillSetting } from "../fill-setting.js";
import type { SqlSyntax } from "../syntax/sql-syntax.js";

/** What a macro knows of the query it stands in, and what it can say of it. */
export interface MacroContext {
  /** The span that time filters keep. */
  readonly timeRange: TimeRange;
  /** Suggested distance between points, in ms. */
  readonly intervalMs: number;
  /** When the query runs. The lengths of months and years depend on it. */
  readonly now: Date;
  /** The table that the query names beside its text, as a query builder does. */
  readonly table: string | undefined;
  /** The column that the query names beside its text. */
  readonly column: string | undefined;
  /** How the engine writes quotes and comments. */
  readonly syntax: SqlSyntax;
  /** Whether the macro is an item of a list behind `SELECT`, with a comma directly behind it. */
  readonly isListItem: boolean;
  /** Says how gaps in the result are to be filled. What is said last counts. */
  setFill(setting: FillSetting): void;
  /** Says that the macro names the time column, and that this holds seconds since 1970. */
  setTimeInSeconds(): void;
}

/** What `$__name` or `$__name(…)` becomes. */
export interface Macro {
  /** How it is written, with names for its arguments: `$__timeFilter(column)`. Errors show it. */
  readonly usage: string;
  /** How many arguments it takes. Those it must have may not be empty. */
  readonly arguments: number | readonly [least: number, most: number];
  /**
   * The SQL that takes its place.
   *
   * @param args as they are written, without spaces around, macros in them replaced
   * @throws {MacroError} if the arguments make no sense
   */
  expand(args: readonly string[], context: MacroContext): string;
}

/** Macros by their names, without the `$__`. */
export type Macros = Readonly<Record<string, Macro>>;
