import type { AppInstanceSettings, DataSourceInstanceSettings, PluginContext } from "@framewright/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { toDate } from "../queries/time-range.js";
import { parseJson, validate } from "../validation/validate.js";
import type { InstanceConfig, SettingsSchemas } from "./instance-config.js";

/**
 * Reads what data sources and apps are configured with alike.
 *
 * @throws DownstreamError with status 400 that names the field when settings or secrets do not fit their schema
 */
export async function readInstanceConfig<S extends StandardSchemaV1, C extends StandardSchemaV1>(
  schemas: SettingsSchemas<S, C>,
  saved: DataSourceInstanceSettings | AppInstanceSettings,
  { orgId, namespace, pluginId, pluginVersion }: PluginContext,
  grafanaConfig: ReadonlyMap<string, string>,
): Promise<InstanceConfig<StandardSchemaV1.InferOutput<S>, StandardSchemaV1.InferOutput<C>>> {
  const jsonData = parseJson(saved.jsonData, "settings");
  const secureJsonData = Object.fromEntries(saved.decryptedSecureJsonData);
  return {
    settings: await validate(schemas.settings, jsonData, "settings"),
    secrets: await validate(schemas.secrets, secureJsonData, "secrets"),
    jsonData,
    secureJsonData,
    updated: toDate(saved.lastUpdatedMS),
    plugin: { id: pluginId, version: pluginVersion },
    orgId: Number(orgId),
    namespace,
    apiVersion: saved.apiVersion,
    grafanaConfig,
  };
}
