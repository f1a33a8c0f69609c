/** A plugin, as its requests, metrics and traces name it. */
export interface PluginIdentity {
  /** The `id` of plugin.json. */
  readonly id: string;
  /** Its version; empty where it is not known. */
  readonly version: string;
}
