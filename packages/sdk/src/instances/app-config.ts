import type { InstanceConfig } from "./instance-config.js";

/**
 * An app plugin as it is configured in one organisation: what `open` gets.
 *
 * @typeParam Settings what the settings schema makes of `jsonData`
 * @typeParam Secrets what the secrets schema makes of the decrypted `secureJsonData`
 */
export interface AppConfig<Settings, Secrets = Readonly<Record<string, string>>>
  extends InstanceConfig<Settings, Secrets> {}
