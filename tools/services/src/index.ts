/** Servers for tests and benchmarks. */
export type { SqlServer } from "./sql-server.js";
export { type MariadbOptions, startMariadb } from "./start-mariadb.js";
export { type PgbouncerOptions, startPgbouncer } from "./start-pgbouncer.js";
export { type PostgresOptions, startPostgres } from "./start-postgres.js";
