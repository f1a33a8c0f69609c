import type { Frame } from "@framewright/data";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InstanceContext } from "./call-context.js";
import { createDataSourceHandlers } from "./data-source-handlers.js";
import type { Plugin } from "./handlers.js";
import type { HealthResult } from "./health-result.js";
import type { DataSourceConfig } from "./instances/data-source-config.js";
import type { QueryContext } from "./queries/query-context.js";

/**
 * Everything an author says about a data source.
 *
 * @typeParam S the settings schema
 * @typeParam Q the query schema
 * @typeParam Instance what `open` makes and every handler gets
 */
export interface DataSourceDefinition<S extends StandardSchemaV1, Q extends StandardSchemaV1, Instance> {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  /** Any Standard Schema validators (zod, valibot, …): the shapes that settings and queries must have. */
  readonly schema: {
    /** The data source's `jsonData`. */
    readonly settings: S;
    /** One query's JSON. */
    readonly query: Q;
  };
  /**
   * Opens what the handlers work with: a client, a pool, a folder. Called once for each data source and again when
   * its settings change; the instance it replaces is disposed (`Symbol.asyncDispose`, `Symbol.dispose` or `dispose`).
   */
  open(config: DataSourceConfig<StandardSchemaV1.InferOutput<S>>): Instance | Promise<Instance>;
  /** Answers one query. What it throws becomes that query's error; the request's other queries go on. */
  query(
    query: StandardSchemaV1.InferOutput<Q>,
    context: QueryContext<Instance>,
  ): Frame | readonly Frame[] | Promise<Frame | readonly Frame[]>;
  /** Answers "Save & test". Without it, a data source is well when its settings fit and `open` succeeds. */
  checkHealth?(context: InstanceContext<Instance>): HealthResult | Promise<HealthResult>;
  /** Answers the frontend's resource requests, as any Web handler does; a Hono app's `fetch` fits. */
  resources?(request: Request, context: InstanceContext<Instance>): Response | Promise<Response>;
}

/** Makes a plugin of one data source type, ready for `serve`. */
export function defineDataSource<S extends StandardSchemaV1, Q extends StandardSchemaV1, Instance>(
  definition: DataSourceDefinition<S, Q, Instance>,
): Plugin {
  return createDataSourceHandlers(definition);
}
