import type { DataSourceInstanceSettings, PluginContext } from "@framewright/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { toDate } from "../queries/time-range.js";
import { parseJson, validate } from "../validation/validate.js";

/** One data source as it is configured in Grafana: what `open` gets. */
export interface DataSourceConfig<Settings> {
  /** Identifies the data source within its organisation. */
  readonly uid: string;
  readonly name: string;
  readonly url: string;
  readonly user: string;
  readonly database: string;
  /** Present when basic authentication is switched on. */
  readonly basicAuth: { readonly user: string } | undefined;
  /** The saved `jsonData`, checked and typed by the definition's settings schema. */
  readonly settings: Settings;
  /** The decrypted `secureJsonData`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** When the settings were saved. */
  readonly updated: Date;
  readonly orgId: number;
  /** Grafana's configuration as it was sent with the call that opened the instance. */
  readonly grafanaConfig: ReadonlyMap<string, string>;
}

/**
 * Reads the configuration of the data source a call is for.
 *
 * @throws DownstreamError with status 400 that names the field when the settings do not fit the schema
 */
export async function readDataSourceConfig<S extends StandardSchemaV1>(
  schema: S,
  source: DataSourceInstanceSettings,
  context: PluginContext,
): Promise<DataSourceConfig<StandardSchemaV1.InferOutput<S>>> {
  const settings = await validate(schema, parseJson(source.jsonData, "settings"), "settings");
  return {
    uid: source.uid,
    name: source.name,
    url: source.url,
    user: source.user,
    database: source.database,
    basicAuth: source.basicAuthEnabled ? { user: source.basicAuthUser } : undefined,
    settings,
    secrets: Object.fromEntries(source.decryptedSecureJsonData),
    updated: toDate(source.lastUpdatedMS),
    orgId: Number(context.orgId),
    grafanaConfig: context.grafanaConfig,
  };
}
