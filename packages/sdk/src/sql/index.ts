/** Parts for data sources that speak SQL, whatever their driver: macros, row limit, columns, time series. */
export { genericSql, mysql, postgres, type SqlDialect, timescaledb } from "./dialect.js";
export type { FillSetting } from "./fill-setting.js";
export { formatInterval, parseInterval } from "./interval/interval.js";
export { fillArgument, intervalArgument } from "./macros/arguments.js";
export { type ExpandedSql, type ExpandOptions, expandMacros } from "./macros/expand-macros.js";
export type { Macro, MacroContext, Macros } from "./macros/macro.js";
export { MacroError } from "./macros/macro-error.js";
export { genericSyntax, mysqlSyntax, postgresSyntax, type SqlQuote, type SqlSyntax } from "./syntax/sql-syntax.js";
export { type SqlToken, type SqlTokenKind, sqlTokens } from "./syntax/sql-tokens.js";
