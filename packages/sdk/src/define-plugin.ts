import type { Handlers, Plugin } from "./handlers.js";

/** What an author says about a plugin that answers the RPCs themselves. */
export interface PluginDefinition {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  readonly handlers: Handlers;
  /** Closes what the handlers opened, when the process is about to end. */
  dispose?(): void | Promise<void>;
}

/**
 * Makes a plugin of raw handlers, ready for `serve`: for what `defineDataSource` does not cover, such as streams and
 * admission, or to wrap the handlers of another plugin.
 */
export function definePlugin(definition: PluginDefinition): Plugin {
  return {
    pluginId: definition.pluginId,
    handlers: definition.handlers,
    dispose: async () => definition.dispose?.(),
  };
}
