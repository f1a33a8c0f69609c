import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { locatePlugin } from "@framewright/host";
import { type SqlServer, startMariadb, startPostgres } from "@framewright/services";
import mysql from "mysql2/promise";
import pg from "pg";

/** How many rows the table `readings` has: `n`, a time `t`, a number `v`, a text `h`. */
export const READINGS = 1_000_000;

/** All rows of the table. */
export const TABLE = "SELECT t, v, h FROM readings";

/** A PostgreSQL server with the table in it; undefined where there is no server to start, which it says. */
export async function postgresWithReadings(): Promise<SqlServer | undefined> {
  const server = await startPostgres({});
  if (typeof server === "string") {
    return undefined;
  }
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  await client.query(`CREATE TABLE readings AS SELECT n, '2024-01-01Z'::timestamptz + n * interval '1.5 s' AS t,
      random() * 100 AS v, 'host-' || (n % 1000) AS h FROM generate_series(1, ${READINGS}) n;
    CREATE INDEX ON readings (n)`);
  await client.query("VACUUM ANALYZE readings");
  await client.end();
  return server;
}

/** A MariaDB server with the table in it; undefined where there is no server to start, which it says. */
export async function mariadbWithReadings(): Promise<SqlServer | undefined> {
  const server = await startMariadb({});
  if (typeof server === "string") {
    return undefined;
  }
  const { host, port, user, password, database } = server;
  const client = await mysql.createConnection({ host, port, user, password, database });
  await client.query(`CREATE TABLE readings (n int PRIMARY KEY, t timestamp(6) NULL, v double, h varchar(20))
    SELECT seq AS n, '2024-01-01' + INTERVAL seq * 1.5 SECOND AS t, rand() * 100 AS v, concat('host-', seq % 1000) AS h
    FROM seq_1_to_${READINGS}`);
  await client.end();
  return server;
}

/** The flags by which the Go client gives a plugin a data source for the server. */
export function dataSourceFlags(engine: string, { host, port, user, password, database }: SqlServer): string[] {
  return [
    ...["--url", `${host}:${port}`, "--user", user],
    ...["--secure", JSON.stringify({ password })],
    ...["--settings", JSON.stringify({ engine, database, sslmode: "disable" })],
  ];
}

/** The compiled SQL plugin. */
export async function sqlExecutable(): Promise<string> {
  const plugin = dirname(createRequire(import.meta.url).resolve("framewright-sql-datasource/package.json"));
  return (await locatePlugin(join(plugin, "dist"))).executable;
}
