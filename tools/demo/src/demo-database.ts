import type { DataSourceInput } from "@framewright/host";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.js";
import { loadTables } from "./load-tables.js";

/** Settings of the data source for it; more than one connection would share the one session that it has. */
export const demoSettings = { database: "postgres", sslmode: "disable", maxOpenConns: 1 } as const;

/** The user that it knows; no password is asked for. */
export const demoUser = "postgres";

/** Starts the embedded PostgreSQL with the demo's tables. @param port a free one unless given */
export async function startDemoDatabase(port?: number): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(port);
  try {
    await loadTables(postgres.database);
    return postgres;
  } catch (error) {
    await postgres[Symbol.asyncDispose]();
    throw error;
  }
}

/** The data source that reads it. */
export function demoDataSource({ address }: EmbeddedPostgres): DataSourceInput {
  return { uid: "demo-sql", name: "Demo", url: address, user: demoUser, jsonData: demoSettings };
}
