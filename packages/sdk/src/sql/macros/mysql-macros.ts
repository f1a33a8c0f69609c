import { exactSeconds, goSeconds } from "../interval/seconds.js";
import { columnMacro, intervalMacros, unixEpochMacros, valueMacro } from "./common-macros.js";
import { type GroupExpression, groupMacro } from "./group-macro.js";
import type { Macro, Macros } from "./macro.js";
import { unixSeconds } from "./time-text.js";

const group: GroupExpression = (column, interval) => {
  const seconds = exactSeconds(interval);
  return `UNIX_TIMESTAMP(${column}) DIV ${seconds} * ${seconds}`;
};

const unixEpochGroup: GroupExpression = (column, interval) => {
  const seconds = goSeconds(interval);
  return `${column} DIV ${seconds} * ${seconds}`;
};

/** `FROM_UNIXTIME` has no times before 1970: it gives NULL for them. */
function fromUnixTime(moment: Date): string {
  const seconds = unixSeconds(moment);
  return seconds < 0 ? `DATE_ADD(FROM_UNIXTIME(0), INTERVAL ${seconds} SECOND)` : `FROM_UNIXTIME(${seconds})`;
}

function timeMacro(usage: string): Macro {
  return columnMacro(usage, (column, context) => {
    context.setTimeInSeconds();
    return `UNIX_TIMESTAMP(${column}) as time_sec`;
  });
}

/**
 * The macros of Grafana's own MySQL data source, with the same SQL for each. It differs where that would find nothing: for
 * times before 1970, other than the start of `$__timeFilter`, and for `$__timeGroup` by less than a second or by a fraction of
 * one.
 *
 * Source: Grafana's pkg/tsdb/mysql/macros.go
 */
export const mysqlMacros = {
  ...intervalMacros,
  ...unixEpochMacros,
  time: timeMacro("$__time(column)"),
  timeEpoch: timeMacro("$__timeEpoch(column)"),
  timeFilter: columnMacro(
    "$__timeFilter(column)",
    (column, { timeRange: { from, to } }) => `${column} BETWEEN ${fromUnixTime(from)} AND ${fromUnixTime(to)}`,
  ),
  timeFrom: valueMacro("$__timeFrom()", ({ timeRange }) => fromUnixTime(timeRange.from)),
  timeTo: valueMacro("$__timeTo()", ({ timeRange }) => fromUnixTime(timeRange.to)),
  timeGroup: groupMacro("timeGroup", group, { alias: "never", seconds: true }),
  timeGroupAlias: groupMacro("timeGroupAlias", group, { alias: "always", seconds: true }),
  unixEpochGroup: groupMacro("unixEpochGroup", unixEpochGroup, { alias: "never", seconds: true }),
  unixEpochGroupAlias: groupMacro("unixEpochGroupAlias", unixEpochGroup, { alias: "always", seconds: true }),
} satisfies Macros;
