/**
 * Parts for data sources that speak SQL, whatever their driver: macros, row limit, columns, time series.
 *
 * @module
 */
export { genericSql, mysql, postgres, type SqlDialect, timescaledb } from "./dialect.js";
export type { FillSetting } from "./fill-setting.js";
export { formatInterval, parseInterval } from "./interval/interval.js";
export { fillArgument, intervalArgument } from "./macros/arguments.js";
export { type ExpandedSql, type ExpandOptions, expandMacros } from "./macros/expand-macros.js";
export type { Macro, MacroContext, Macros } from "./macros/macro.js";
export { MacroError } from "./macros/macro-error.js";
export { ConnectionPool, type Lease, type PoolOptions } from "./pool/connection-pool.js";
export { requireSingleStatement, statementKeyword } from "./query/single-statement.js";
export { parseSqlQuery, type SqlFormat, type SqlQuery, sqlQuerySchema } from "./query/sql-query.js";
export { type ResultBuilder, type ResultColumn, resultBuilder } from "./result/result-builder.js";
export { DEFAULT_ROW_LIMIT, RowCounter, rowLimit } from "./result/row-limit.js";
export { type ShapeOptions, shapeResult } from "./shape/shape-result.js";
export { genericSyntax, mysqlSyntax, postgresSyntax, type SqlQuote, type SqlSyntax } from "./syntax/sql-syntax.js";
export { type SqlToken, type SqlTokenKind, sqlTokens } from "./syntax/sql-tokens.js";
export { CellReport } from "./types/cell-report.js";
export {
  type CellReader,
  type CellWriter,
  type ColumnType,
  columnType,
  type FinishedCells,
} from "./types/column-type.js";
export {
  boolean,
  decimal,
  fixedDecimal,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  timestamp,
  uint8,
  uint16,
  uint32,
  uint64,
} from "./types/column-types.js";
export { type BytesEncoding, bytes, json, text, uuid } from "./types/text-types.js";
export { typeTable } from "./types/type-table.js";
