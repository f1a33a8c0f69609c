import { formatInterval } from "../interval/interval.js";
import type { Macro, MacroContext, Macros } from "./macro.js";
import { unixNanoseconds, unixSeconds } from "./time-text.js";

/** A macro without arguments. */
export function valueMacro(usage: string, textOf: (context: MacroContext) => string): Macro {
  return { usage, arguments: 0, expand: (_, context) => textOf(context) };
}

/** A macro of one argument, a column or an expression. */
export function columnMacro(usage: string, expand: (column: string, context: MacroContext) => string): Macro {
  return { usage, arguments: 1, expand: ([column = ""], context) => expand(column, context) };
}

/** `$__interval` and `$__interval_ms`, which every engine has. */
export const intervalMacros = {
  interval: valueMacro("$__interval", ({ intervalMs }) => formatInterval(intervalMs)),
  interval_ms: valueMacro("$__interval_ms", ({ intervalMs }) => String(Math.floor(intervalMs))),
} satisfies Macros;

/** Macros for columns of seconds or nanoseconds since 1970, which are written alike for PostgreSQL and MySQL. */
export const unixEpochMacros = {
  unixEpochFilter: columnMacro("$__unixEpochFilter(column)", (column, { timeRange: { from, to } }) =>
    between(column, unixSeconds(from), unixSeconds(to)),
  ),
  unixEpochFrom: valueMacro("$__unixEpochFrom()", ({ timeRange }) => String(unixSeconds(timeRange.from))),
  unixEpochTo: valueMacro("$__unixEpochTo()", ({ timeRange }) => String(unixSeconds(timeRange.to))),
  unixEpochNanoFilter: columnMacro("$__unixEpochNanoFilter(column)", (column, { timeRange: { from, to } }) =>
    between(column, unixNanoseconds(from), unixNanoseconds(to)),
  ),
  unixEpochNanoFrom: valueMacro("$__unixEpochNanoFrom()", ({ timeRange }) => String(unixNanoseconds(timeRange.from))),
  unixEpochNanoTo: valueMacro("$__unixEpochNanoTo()", ({ timeRange }) => String(unixNanoseconds(timeRange.to))),
} satisfies Macros;

function between(column: string, from: number | bigint, to: number | bigint): string {
  return `${column} >= ${from} AND ${column} <= ${to}`;
}
