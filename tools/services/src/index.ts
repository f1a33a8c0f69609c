/** Servers for tests and benchmarks. */

export type { MariadbOptions } from "./mariadb-options.js";
export type { SqlServer } from "./sql-server.js";
export { startMariadb } from "./start-mariadb.js";
export { type PgbouncerOptions, startPgbouncer } from "./start-pgbouncer.js";
export { type PostgresOptions, startPostgres } from "./start-postgres.js";
