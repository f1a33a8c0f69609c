import { genericMacros } from "./macros/generic-macros.js";
import type { Macros } from "./macros/macro.js";
import { mysqlMacros } from "./macros/mysql-macros.js";
import { postgresMacros, timescaleMacros } from "./macros/postgres-macros.js";
import { genericSyntax, mysqlSyntax, postgresSyntax, type SqlSyntax } from "./syntax/sql-syntax.js";

/** What the SQL kit has to know of an engine. Make your own of one of those here: `{ ...postgres, macros: { … } }`. */
export interface SqlDialect {
  /** How quoted text and comments are written. */
  readonly syntax: SqlSyntax;
  /** The macros that queries may use. */
  readonly macros: Macros;
  /** Names of the column that holds the time of a time series. */
  readonly timeColumns: readonly string[];
}

/** PostgreSQL and what speaks its SQL, with the macros of Grafana's own data source. */
export const postgres: SqlDialect = { syntax: postgresSyntax, macros: postgresMacros, timeColumns: ["time"] };

/** PostgreSQL with TimescaleDB: `$__timeGroup` uses `time_bucket`. */
export const timescaledb: SqlDialect = { ...postgres, macros: timescaleMacros };

/** MySQL, MariaDB and what speaks their SQL, with the macros of Grafana's own data source. */
export const mysql: SqlDialect = { syntax: mysqlSyntax, macros: mysqlMacros, timeColumns: ["time", "time_sec"] };

/** Any other engine, with the macros that the Go SDK gives to all. */
export const genericSql: SqlDialect = { syntax: genericSyntax, macros: genericMacros, timeColumns: ["time"] };
