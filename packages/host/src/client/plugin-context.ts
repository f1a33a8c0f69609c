import { PluginContext } from "@framewright/protocol";

/** Where a call comes from: what Grafana would send along. */
export interface PluginContextInput {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  /** The version in the plugin's plugin.json; empty unless given. */
  readonly pluginVersion?: string;
  /** 1 unless given. */
  readonly orgId?: number;
  /** Absent for calls that Grafana makes itself. */
  readonly user?: { readonly login: string; readonly name: string; readonly email: string; readonly role: string };
  /** For calls to a data source. */
  readonly dataSource?: DataSourceInput;
  /** For calls to an app plugin. */
  readonly app?: AppInput;
  /** The calling Grafana, such as `Grafana/12.0.0`. */
  readonly userAgent?: string;
  /** Grafana's configuration, by environment-style names such as `GF_SQL_ROW_LIMIT`. */
  readonly grafanaConfig?: Readonly<Record<string, string>>;
}

/** A data source as configured in Grafana. */
export interface DataSourceInput {
  /** Identifies the data source within its organisation. */
  readonly uid: string;
  /** What the data source is called in Grafana. */
  readonly name: string;
  /** Its URL; empty unless given. */
  readonly url?: string;
  /** Its user, of a database for example; empty unless given. */
  readonly user?: string;
  /** Its database; empty unless given. */
  readonly database?: string;
  /** Whether it uses basic authentication; not, unless given. */
  readonly basicAuthEnabled?: boolean;
  /** The user of basic authentication; empty unless given. */
  readonly basicAuthUser?: string;
  /** The saved settings; none unless given. */
  readonly jsonData?: Readonly<Record<string, unknown>>;
  /** The saved secrets, decrypted; none unless given. */
  readonly secureJsonData?: Readonly<Record<string, string>>;
  /** When the settings were saved: a later time makes the plugin open a new instance. 1970 unless given. */
  readonly updated?: Date;
}

/** An app plugin as configured in one organisation. */
export interface AppInput {
  /** The saved settings; none unless given. */
  readonly jsonData?: Readonly<Record<string, unknown>>;
  /** The saved secrets, decrypted; none unless given. */
  readonly secureJsonData?: Readonly<Record<string, string>>;
  /** When the settings were saved. 1970 unless given. */
  readonly updated?: Date;
}

/** Writes the message that goes with every call. */
export function toWireContext(input: PluginContextInput): PluginContext {
  const { app, dataSource, grafanaConfig, orgId = 1, pluginId, pluginVersion, user, userAgent } = input;
  return PluginContext.fromPartial({
    orgId: BigInt(orgId),
    pluginId,
    pluginVersion: pluginVersion ?? "",
    user,
    userAgent: userAgent ?? "",
    grafanaConfig: new Map(Object.entries(grafanaConfig ?? {})),
    namespace: orgId === 1 ? "default" : `org-${orgId}`,
    dataSourceInstanceSettings:
      dataSource === undefined ? undefined : { ...withoutUndefined(dataSource), ...savedSettings(dataSource) },
    appInstanceSettings: app === undefined ? undefined : savedSettings(app),
  });
}

function savedSettings({ jsonData, secureJsonData, updated }: AppInput) {
  return {
    jsonData: new TextEncoder().encode(JSON.stringify(jsonData ?? {})),
    decryptedSecureJsonData: new Map(Object.entries(secureJsonData ?? {})),
    lastUpdatedMS: BigInt(updated?.getTime() ?? 0),
  };
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
