import type { Catalog } from "../engine.js";

/** Runs a statement of the plugin's own; gives each row as texts. */
export type List = (sql: string, signal: AbortSignal) => Promise<(string | null)[][]>;

/** Schemas of the server's own, in which nobody looks for data. */
const OWN_SCHEMAS = "'information_schema', 'performance_schema', 'mysql', 'sys'";

/** What a MySQL or MariaDB server holds. A schema is a database there. */
export function mysqlCatalog(list: List): Catalog {
  async function schemas(signal: AbortSignal): Promise<string[]> {
    const sql = `SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN (${OWN_SCHEMAS}) ORDER BY 1`;
    return first(await list(sql, signal));
  }

  return {
    databases: schemas,
    schemas,

    async tables(schema, signal) {
      const where = schema === undefined ? `table_schema NOT IN (${OWN_SCHEMAS})` : `table_schema = ${value(schema)}`;
      const sql = `SELECT table_schema, table_name, CASE table_type WHEN 'BASE TABLE' THEN 'table' ELSE LOWER(table_type) END
        FROM information_schema.tables WHERE ${where} ORDER BY 1, 2`;
      const rows = await list(sql, signal);
      return rows.map(([owner, table, kind]) => ({ schema: owner ?? "", table: table ?? "", kind: kind ?? "" }));
    },

    async columns(table, schema, signal) {
      const owner = schema === undefined ? "database()" : value(schema);
      const sql = `SELECT column_name, column_type, is_nullable FROM information_schema.columns
        WHERE table_schema = ${owner} AND table_name = ${value(table)} ORDER BY ordinal_position`;
      const rows = await list(sql, signal);
      return rows.map(([name, type, nullable]) => ({
        name: name ?? "",
        type: type ?? "",
        nullable: nullable === "YES",
      }));
    },

    async functions(signal) {
      const sql = `SELECT routine_name FROM information_schema.routines
        WHERE routine_type = 'FUNCTION' AND routine_schema NOT IN (${OWN_SCHEMAS}) ORDER BY 1`;
      return first(await list(sql, signal));
    },
  };
}

/** A text as the digits of its bytes, which hold nothing that could mean something else in SQL. */
function value(text: string): string {
  return text === "" ? "''" : `_utf8mb4 0x${Buffer.from(text).toString("hex")}`;
}

function first(rows: readonly (readonly (string | null)[])[]): string[] {
  return rows.map(([name]) => name ?? "");
}
