import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { PluginIdentity } from "../calls/plugin-identity.js";

/** The shapes of what is saved with a data source or an app. */
export interface SettingsSchemas<S extends StandardSchemaV1, C extends StandardSchemaV1> {
  /** The saved `jsonData`. Without it, `config.settings` is `unknown`. */
  readonly settings?: S;
  /** The decrypted `secureJsonData`: names and texts. Without it, `config.secrets` is a record of them. */
  readonly secrets?: C;
}

/** What a data source and an app are configured with alike. */
export interface InstanceConfig<Settings, Secrets> {
  /** The saved `jsonData`, checked and typed by the definition's settings schema. */
  readonly settings: Settings;
  /** The decrypted `secureJsonData`, checked and typed by the definition's secrets schema. */
  readonly secrets: Secrets;
  /** The saved `jsonData` as it was before the schema, with what the schema leaves out: Grafana's own HTTP settings, for example. */
  readonly jsonData: unknown;
  /** The decrypted `secureJsonData` as it was before the schema. */
  readonly secureJsonData: Readonly<Record<string, string>>;
  /** When the settings were saved. */
  readonly updated: Date;
  /** The plugin, as Grafana knows it. */
  readonly plugin: PluginIdentity;
  /** Numeric id of the organisation. */
  readonly orgId: number;
  /** The tenant: `org-<id>` or `stacks-<id>`, `default` for the first organisation; empty where Grafana does not say. */
  readonly namespace: string;
  /** The API version that the settings were saved with; mostly empty. */
  readonly apiVersion: string;
  /**
   * Grafana's configuration as it was sent with the call that opened the instance. When something of it changes that was
   * read here, the next call opens the instance anew.
   */
  readonly grafanaConfig: ReadonlyMap<string, string>;
}

/** What `open` gets beside the configuration. */
export interface OpenContext {
  /** Aborts when no call waits for the instance any longer, and when the plugin ends. It never does once `open` is done. */
  readonly signal: AbortSignal;
}
