import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Plugin } from "./handlers.js";
import { createInstancePlugin, type InstanceDefinition } from "./instance-handlers.js";
import { type DataSourceConfig, readDataSourceConfig } from "./instances/data-source-config.js";
import { dataSourceTarget } from "./instances/instance-target.js";
import { createdDataSourceInstances } from "./metrics/instance-metrics.js";
import type { AnySchema, NoQueryTypes, SecretsSchema } from "./validation/default-schemas.js";

/**
 * Everything an author says about a data source.
 *
 * @typeParam S the settings schema
 * @typeParam C the secrets schema
 * @typeParam Q the query schema
 * @typeParam Types the schemas of the query types
 * @typeParam Instance what `open` makes and every handler gets
 */
export interface DataSourceDefinition<
  S extends StandardSchemaV1,
  C extends StandardSchemaV1,
  Q extends StandardSchemaV1,
  Types extends Readonly<Record<string, StandardSchemaV1>>,
  Instance,
> extends InstanceDefinition<
    S,
    C,
    Q,
    Types,
    DataSourceConfig<StandardSchemaV1.InferOutput<S>, StandardSchemaV1.InferOutput<C>>,
    Instance
  > {}

/**
 * Makes a plugin of one data source type, ready for `serve`.
 *
 * @throws TypeError when the definition has `queryAll` beside `query` or `queryTypes`
 */
export function defineDataSource<
  S extends StandardSchemaV1 = AnySchema,
  C extends StandardSchemaV1 = SecretsSchema,
  Q extends StandardSchemaV1 = AnySchema,
  Types extends Readonly<Record<string, StandardSchemaV1>> = NoQueryTypes,
  Instance = DataSourceConfig<StandardSchemaV1.InferOutput<S>, StandardSchemaV1.InferOutput<C>>,
>(definition: DataSourceDefinition<S, C, Q, Types, Instance>): Plugin {
  return createInstancePlugin(definition, {
    target: dataSourceTarget,
    idleMs: definition.idleMs,
    async open({ saved, pluginContext }, { grafanaConfig, signal }): Promise<Instance> {
      createdDataSourceInstances.value++;
      const config = await readDataSourceConfig(definition.schema ?? {}, saved, pluginContext, grafanaConfig);
      // Without `open` the type of the instance is that of the configuration.
      return definition.open === undefined ? (config as Instance) : definition.open(config, { signal });
    },
  });
}
