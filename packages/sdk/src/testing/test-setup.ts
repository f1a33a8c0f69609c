import { PluginContext } from "@framewright/protocol";
import type { User } from "../call-context.js";
import { GrafanaConfigKey } from "../grafana-config/keys.js";
import type { TestDataSourceRef } from "./test-query.js";

/** Who calls, and what Grafana sends along with every call. */
export interface CallerSetup {
  /**
   * The signed-in person. What is left out is that of Grafana's own first user: `admin`, with the role `Admin`. `null` for calls that
   * Grafana makes by itself, as for an alert rule.
   */
  readonly user?: Partial<User> | null;
  /** 1 unless given. */
  readonly orgId?: number;
  /** `default` for the first organisation and `org-<id>` for others, unless given. */
  readonly namespace?: string;
  /** HTTP headers that come with every call. */
  readonly headers?: RequestInit["headers"];
  /**
   * Grafana's configuration by the names under which it is sent, such as `GF_SQL_ROW_LIMIT`; those that are not given have Grafana's
   * defaults. {@link testGrafanaConfig} lists them.
   */
  readonly grafanaConfig?: Readonly<Record<string, string>>;
  /** The calling Grafana; `Grafana/12.3.0 (linux; amd64)` unless given. */
  readonly userAgent?: string;
}

/** An app as it is saved in one organisation. */
export interface AppSetup extends CallerSetup {
  /** The saved `jsonData`, before the settings schema: anything that JSON can hold. Nothing was saved unless given. */
  readonly settings?: unknown;
  /** The decrypted `secureJsonData`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** When the settings were saved. Each change of what is saved counts as saved a second later, unless given. */
  readonly updated?: Date;
}

/** A data source as it is saved. */
export interface DataSourceSetup extends AppSetup {
  /** `test` unless given. */
  readonly uid?: string;
  /** `Test` unless given. */
  readonly name?: string;
  /** `config.url`; empty unless given. */
  readonly url?: string;
  /** `config.database`; empty unless given. */
  readonly database?: string;
  /** The data source's own `user`, which is `config.user` in `open`. */
  readonly databaseUser?: string;
  /** Switches basic authentication on; its password is the secret `basicAuthPassword`. */
  readonly basicAuthUser?: string;
}

/** What kind of plugin is called, and how it is saved. */
export type TestSetup =
  | { readonly kind: "app"; readonly saved: AppSetup }
  | { readonly kind: "dataSource"; readonly saved: DataSourceSetup };

/** What Grafana sends with every call where nobody has configured anything else. */
export const testGrafanaConfig: Readonly<Record<string, string>> = {
  [GrafanaConfigKey.appUrl]: "http://localhost:3000/",
  [GrafanaConfigKey.concurrentQueryCount]: "10",
  [GrafanaConfigKey.userFacingDefaultError]: "please inspect Grafana server log for details",
  [GrafanaConfigKey.sqlRowLimit]: "1000000",
  [GrafanaConfigKey.sqlMaxOpenConns]: "100",
  [GrafanaConfigKey.sqlMaxIdleConns]: "100",
  [GrafanaConfigKey.sqlMaxConnLifetimeSeconds]: "14400",
  [GrafanaConfigKey.responseLimit]: "0",
};

const admin: User = { login: "admin", name: "Admin", email: "admin@localhost", role: "Admin" };

/** The message that goes with every call. */
export function toPluginContext(pluginId: string, setup: TestSetup): PluginContext {
  const { orgId = 1, namespace, user = {}, grafanaConfig, userAgent, settings, secrets, updated } = setup.saved;
  const saved = {
    jsonData: settings === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(settings)),
    decryptedSecureJsonData: new Map(Object.entries(secrets ?? {})),
    lastUpdatedMS: BigInt(updated?.getTime() ?? 0),
  };
  return PluginContext.fromPartial({
    orgId: BigInt(orgId),
    namespace: namespace ?? (orgId === 1 ? "default" : `org-${orgId}`),
    pluginId,
    pluginVersion: "1.0.0",
    user: user === null ? undefined : { ...admin, ...user },
    grafanaConfig: new Map(Object.entries({ ...testGrafanaConfig, ...grafanaConfig })),
    userAgent: userAgent ?? "Grafana/12.3.0 (linux; amd64)",
    ...(setup.kind === "app"
      ? { appInstanceSettings: saved }
      : { dataSourceInstanceSettings: { ...saved, ...dataSourceFields(setup.saved) } }),
  });
}

/** Of which data source a query is; undefined of an app. */
export function toDataSourceRef(pluginId: string, setup: TestSetup): TestDataSourceRef | undefined {
  return setup.kind === "app" ? undefined : { type: pluginId, uid: setup.saved.uid ?? DEFAULT_UID };
}

const DEFAULT_UID = "test";

function dataSourceFields(setup: DataSourceSetup) {
  const { uid = DEFAULT_UID, name = "Test", url = "", database = "", databaseUser = "", basicAuthUser } = setup;
  return {
    uid,
    name,
    url,
    database,
    user: databaseUser,
    basicAuthEnabled: basicAuthUser !== undefined,
    basicAuthUser: basicAuthUser ?? "",
  };
}
