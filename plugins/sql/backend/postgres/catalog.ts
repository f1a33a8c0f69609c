import type { Catalog } from "../engine.js";

/** Runs a statement of the plugin's own, with values for `$1`, `$2` and so on; gives each row as texts. */
export type List = (sql: string, values: readonly string[], signal: AbortSignal) => Promise<(string | null)[][]>;

/** Schemas of PostgreSQL's own, in which nobody looks for data. */
const OWN_SCHEMAS = "nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'";

/** What a PostgreSQL database holds. */
export function postgresCatalog(list: List): Catalog {
  return {
    async databases(signal) {
      const sql = `SELECT datname FROM pg_database
        WHERE NOT datistemplate AND has_database_privilege(datname, 'CONNECT') ORDER BY 1`;
      return first(await list(sql, [], signal));
    },

    async schemas(signal) {
      return first(await list(`SELECT nspname FROM pg_namespace WHERE ${OWN_SCHEMAS} ORDER BY 1`, [], signal));
    },

    async tables(schema, signal) {
      const sql = `SELECT nspname, relname, CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table'
          WHEN 'f' THEN 'foreign table' WHEN 'm' THEN 'materialized view' ELSE 'view' END
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition
          AND (nspname = $1 OR ($1 = '' AND ${OWN_SCHEMAS})) AND has_table_privilege(pg_class.oid, 'SELECT')
        ORDER BY 1, 2`;
      const rows = await list(sql, [schema ?? ""], signal);
      return rows.map(([owner, table, kind]) => ({ schema: owner ?? "", table: table ?? "", kind: kind ?? "" }));
    },

    async columns(table, schema, signal) {
      const sql = `SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull
        FROM pg_attribute
        WHERE attnum > 0 AND NOT attisdropped AND attrelid =
          to_regclass(CASE WHEN $2 = '' THEN quote_ident($1) ELSE quote_ident($2) || '.' || quote_ident($1) END)
        ORDER BY attnum`;
      const rows = await list(sql, [table, schema ?? ""], signal);
      return rows.map(([name, type, nullable]) => ({ name: name ?? "", type: type ?? "", nullable: nullable === "t" }));
    },

    async functions(signal) {
      // What triggers and access methods are made of has results that no query can use.
      const sql = `SELECT DISTINCT proname FROM pg_proc JOIN pg_type ON pg_type.oid = prorettype
        WHERE prokind IN ('f', 'a', 'w') AND typname !~ '^(internal|(event_)?trigger|.*_handler)$' AND proname !~ '^(pg_|_)'
        ORDER BY 1`;
      return first(await list(sql, [], signal));
    },
  };
}

function first(rows: readonly (readonly (string | null)[])[]): string[] {
  return rows.map(([value]) => value ?? "");
}
