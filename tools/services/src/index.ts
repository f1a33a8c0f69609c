/** Servers for tests and benchmarks. */
export type { SqlServer } from "./sql-server.js";
export { type PostgresOptions, startPostgres } from "./start-postgres.js";
