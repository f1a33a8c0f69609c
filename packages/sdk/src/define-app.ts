import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Plugin } from "./handlers.js";
import { createInstancePlugin, type InstanceDefinition } from "./instance-handlers.js";
import type { AppConfig } from "./instances/app-config.js";
import { appTarget } from "./instances/instance-target.js";
import { readInstanceConfig } from "./instances/read-instance-config.js";
import type { AnySchema, NoQueryTypes, SecretsSchema } from "./validation/default-schemas.js";

/**
 * Everything an author says about an app.
 *
 * @typeParam S the settings schema
 * @typeParam C the secrets schema
 * @typeParam Q the query schema
 * @typeParam Types the schemas of the query types
 * @typeParam Instance what `open` makes and every handler gets
 */
export interface AppDefinition<
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
    AppConfig<StandardSchemaV1.InferOutput<S>, StandardSchemaV1.InferOutput<C>>,
    Instance
  > {}

/**
 * Makes the backend of an app plugin, ready for `serve`: one instance for each organisation that the app is enabled in.
 *
 * @throws TypeError when the definition has `queryAll` beside `query` or `queryTypes`
 */
export function defineApp<
  S extends StandardSchemaV1 = AnySchema,
  C extends StandardSchemaV1 = SecretsSchema,
  Q extends StandardSchemaV1 = AnySchema,
  Types extends Readonly<Record<string, StandardSchemaV1>> = NoQueryTypes,
  Instance = AppConfig<StandardSchemaV1.InferOutput<S>, StandardSchemaV1.InferOutput<C>>,
>(definition: AppDefinition<S, C, Q, Types, Instance>): Plugin {
  return createInstancePlugin(definition, {
    target: appTarget,
    idleMs: definition.idleMs,
    async open({ saved, pluginContext }, { grafanaConfig, signal }): Promise<Instance> {
      const config = await readInstanceConfig(definition.schema ?? {}, saved, pluginContext, grafanaConfig);
      // Without `open` the type of the instance is that of the configuration.
      return definition.open === undefined ? (config as Instance) : definition.open(config, { signal });
    },
  });
}
