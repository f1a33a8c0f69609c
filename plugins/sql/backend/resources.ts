import { jsonRoutes } from "@framewright/sdk";
import { z } from "zod";
import { expandQuery } from "./answer-query.js";
import type { Instance } from "./instance.js";

const Names = z.object({ schema: z.string().optional(), table: z.string().optional() });

/** A statement to check, as a query has it; its macros stand for the last hour. */
const Draft = z.object({ rawSql: z.string() });

/** What editors ask for. */
export const resources = jsonRoutes<Instance>((route) => [
  route.get("/databases", ({ instance, signal }) => instance.engine.catalog.databases(signal)),
  route.get("/schemas", ({ instance, signal }) => instance.engine.catalog.schemas(signal)),
  route.get("/tables", { query: Names }, ({ instance, query, signal }) =>
    instance.engine.catalog.tables(query.schema, signal),
  ),
  route.get("/columns", { query: Names.required({ table: true }) }, ({ instance, query, signal }) =>
    instance.engine.catalog.columns(query.table, query.schema, signal),
  ),
  route.get("/functions", ({ instance, signal }) => instance.engine.catalog.functions(signal)),
  route.get("/macros", ({ instance }) =>
    Object.entries(instance.engine.dialect.macros).map(([name, { usage }]) => ({ name: `$__${name}`, usage })),
  ),
  route.post("/validate", { body: Draft }, async ({ instance, body, signal }) => {
    const to = new Date();
    const timeRange = { from: new Date(to.getTime() - 3_600_000), to };
    const draft = { ...body, format: "table", fill: undefined, table: undefined, column: undefined } as const;
    const { dialect } = instance.engine;
    const { sql } = expandQuery(draft, dialect, { timeRange, intervalMs: 60_000 }, instance.limits);
    await instance.engine.check(sql, signal);
    return { sql };
  }),
]);
