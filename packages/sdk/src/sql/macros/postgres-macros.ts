import { exactSeconds, goSeconds } from "../interval/seconds.js";
import { columnMacro, intervalMacros, unixEpochMacros, valueMacro } from "./common-macros.js";
import { type GroupExpression, groupMacro } from "./group-macro.js";
import type { Macros } from "./macro.js";
import { rfc3339 } from "./time-text.js";

const group: GroupExpression = (column, interval) => {
  const seconds = goSeconds(interval);
  return `floor(extract(epoch from ${column})/${seconds})*${seconds}`;
};

const timeBucket: GroupExpression = (column, interval) => `time_bucket('${exactSeconds(interval, 3)}s',${column})`;

const unixEpochGroup: GroupExpression = (column, interval) => {
  const seconds = goSeconds(interval);
  return `floor((${column})/${seconds})*${seconds}`;
};

/**
 * The macros of Grafana's own PostgreSQL data source, with the same SQL for each. It differs where that would be refused:
 * `$__timeGroup` with a comma behind it is called `time` only behind `SELECT`, not in `GROUP BY` or within parentheses.
 *
 * Source: Grafana's pkg/tsdb/grafana-postgresql-datasource/macros.go
 */
export const postgresMacros = {
  ...intervalMacros,
  ...unixEpochMacros,
  time: columnMacro("$__time(column)", (column) => `${column} AS "time"`),
  timeEpoch: columnMacro("$__timeEpoch(column)", (column, context) => {
    context.setTimeInSeconds();
    return `extract(epoch from ${column}) as "time"`;
  }),
  timeFilter: columnMacro(
    "$__timeFilter(column)",
    (column, { timeRange: { from, to } }) => `${column} BETWEEN '${rfc3339(from)}' AND '${rfc3339(to)}'`,
  ),
  timeFrom: valueMacro("$__timeFrom()", ({ timeRange }) => `'${rfc3339(timeRange.from)}'`),
  timeTo: valueMacro("$__timeTo()", ({ timeRange }) => `'${rfc3339(timeRange.to)}'`),
  timeGroup: groupMacro("timeGroup", group, { alias: "list-item", seconds: true }),
  timeGroupAlias: groupMacro("timeGroupAlias", group, { alias: "always", seconds: true }),
  unixEpochGroup: groupMacro("unixEpochGroup", unixEpochGroup, { alias: "never", seconds: true }),
  unixEpochGroupAlias: groupMacro("unixEpochGroupAlias", unixEpochGroup, { alias: "always", seconds: true }),
} satisfies Macros;

/** {@link postgresMacros} for a database with TimescaleDB, whose `time_bucket` groups times. */
export const timescaleMacros = {
  ...postgresMacros,
  timeGroup: groupMacro("timeGroup", timeBucket, { alias: "list-item", seconds: false }),
  timeGroupAlias: groupMacro("timeGroupAlias", timeBucket, { alias: "always", seconds: false }),
} satisfies Macros;
