import { PluginContext } from "@framewright/protocol";

/** Where a call comes from: what Grafana would send along. */
export interface PluginContextInput {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  readonly pluginVersion?: string;
  /** 1 unless given. */
  readonly orgId?: number;
  /** Absent for calls that Grafana makes itself. */
  readonly user?: { readonly login: string; readonly name: string; readonly email: string; readonly role: string };
  readonly dataSource?: DataSourceInput;
  /** Grafana's configuration, by environment-style names such as `GF_SQL_ROW_LIMIT`. */
  readonly grafanaConfig?: Readonly<Record<string, string>>;
}

/** A data source as configured in Grafana. */
export interface DataSourceInput {
  readonly uid: string;
  readonly name: string;
  readonly url?: string;
  readonly user?: string;
  readonly database?: string;
  readonly basicAuthEnabled?: boolean;
  readonly basicAuthUser?: string;
  readonly jsonData?: Readonly<Record<string, unknown>>;
  readonly secureJsonData?: Readonly<Record<string, string>>;
  /** When the settings were saved: a later time makes the plugin open a new instance. 1970 unless given. */
  readonly updated?: Date;
}

/** Writes the message that goes with every call. */
export function toWireContext(input: PluginContextInput): PluginContext {
  const { dataSource, grafanaConfig, orgId = 1, pluginId, pluginVersion, user } = input;
  return PluginContext.fromPartial({
    orgId: BigInt(orgId),
    pluginId,
    pluginVersion: pluginVersion ?? "",
    user,
    grafanaConfig: new Map(Object.entries(grafanaConfig ?? {})),
    namespace: orgId === 1 ? "default" : `org-${orgId}`,
    dataSourceInstanceSettings:
      dataSource === undefined
        ? undefined
        : {
            ...withoutUndefined(dataSource),
            jsonData: new TextEncoder().encode(JSON.stringify(dataSource.jsonData ?? {})),
            decryptedSecureJsonData: new Map(Object.entries(dataSource.secureJsonData ?? {})),
            lastUpdatedMS: BigInt(dataSource.updated?.getTime() ?? 0),
          },
  });
}

function withoutUndefined({
  uid,
  name,
  url = "",
  user = "",
  database = "",
  basicAuthEnabled = false,
  basicAuthUser = "",
}: DataSourceInput) {
  return { uid, name, url, user, database, basicAuthEnabled, basicAuthUser };
}
