import type { DataSourceInstanceSettings, PluginContext } from "@framewright/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InstanceConfig, SettingsSchemas } from "./instance-config.js";
import { readInstanceConfig } from "./read-instance-config.js";

/**
 * One data source as it is configured in Grafana: what `open` gets.
 *
 * @typeParam Settings what the settings schema makes of `jsonData`
 * @typeParam Secrets what the secrets schema makes of the decrypted `secureJsonData`
 */
export interface DataSourceConfig<Settings, Secrets = Readonly<Record<string, string>>>
  extends InstanceConfig<Settings, Secrets> {
  /** Identifies the data source within its organisation. */
  readonly uid: string;
  /** What the data source is called in Grafana; may be changed by its users. */
  readonly name: string;
  /** The saved URL, as it was typed; empty where there is none. */
  readonly url: string;
  /** The saved user, of a database for example; empty where there is none. */
  readonly user: string;
  /** The saved database; empty where there is none. */
  readonly database: string;
  /** Present when basic authentication is switched on. */
  readonly basicAuth: { readonly user: string } | undefined;
}

/**
 * Reads the configuration of the data source a call is for.
 *
 * @param grafanaConfig Grafana's configuration, as the author is to read it
 * @throws DownstreamError with status 400 that names the field when settings or secrets do not fit their schema
 */
export async function readDataSourceConfig<S extends StandardSchemaV1, C extends StandardSchemaV1>(
  schemas: SettingsSchemas<S, C>,
  source: DataSourceInstanceSettings,
  context: PluginContext,
  grafanaConfig: ReadonlyMap<string, string>,
): Promise<DataSourceConfig<StandardSchemaV1.InferOutput<S>, StandardSchemaV1.InferOutput<C>>> {
  return {
    ...(await readInstanceConfig(schemas, source, context, grafanaConfig)),
    uid: source.uid,
    name: source.name,
    url: source.url,
    user: source.user,
    database: source.database,
    basicAuth: source.basicAuthEnabled ? { user: source.basicAuthUser } : undefined,
  };
}
