import { columnMacro, intervalMacros, valueMacro } from "./common-macros.js";
import type { Macros } from "./macro.js";
import { MacroError } from "./macro-error.js";
import { rfc3339Seconds } from "./time-text.js";

/** The parts of a time by which `$__timeGroup` groups, the finest first. */
const parts: readonly string[] = ["minute", "hour", "day", "month", "year"];

/**
 * The macros that the Go SDK gives to every SQL data source, with the same SQL for each. They suit engines that read
 * `'2006-01-02T15:04:05Z'` as a time; `$__timeGroup` needs the function `datepart`.
 *
 * Source: the Go SDK's `sqlutil.DefaultMacros`.
 */
export const genericMacros = {
  ...intervalMacros,
  timeFilter: columnMacro(
    "$__timeFilter(column)",
    (column, { timeRange: { from, to } }) =>
      `${column} >= '${rfc3339Seconds(from)}' AND ${column} <= '${rfc3339Seconds(to)}'`,
  ),
  timeFrom: columnMacro(
    "$__timeFrom(column)",
    (column, { timeRange }) => `${column} >= '${rfc3339Seconds(timeRange.from)}'`,
  ),
  timeTo: columnMacro("$__timeTo(column)", (column, { timeRange }) => `${column} <= '${rfc3339Seconds(timeRange.to)}'`),
  timeGroup: {
    usage: `$__timeGroup(column, ${parts.join(" | ")})`,
    arguments: 2,
    expand([column = "", part = ""]) {
      const first = parts.indexOf(part);
      if (first < 0) {
        throw new MacroError(`${JSON.stringify(part)} is no part of a time`);
      }
      return parts
        .slice(first)
        .map((name) => `datepart(${name}, ${column})`)
        .join(",");
    },
  },
  table: valueMacro("$__table", ({ table }) => table ?? missing("table")),
  column: valueMacro("$__column", ({ column }) => column ?? missing("column")),
} satisfies Macros;

function missing(what: string): never {
  throw new MacroError(`the query names no ${what}`);
}
