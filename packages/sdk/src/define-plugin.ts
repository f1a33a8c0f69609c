import { freshPlugin, rememberMaker } from "./fresh-plugin.js";
import type { Handlers, Plugin } from "./handlers.js";
import { metricsHandler } from "./metrics/metrics-handler.js";
import type { Middleware } from "./middleware/middleware.js";
import { wrapHandlers } from "./middleware/wrap-handlers.js";

/** What an author says about a plugin that answers the RPCs themselves. */
export interface PluginDefinition {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  /** What answers each RPC; one that is missing answers UNIMPLEMENTED. */
  readonly handlers: Handlers;
  /** Wraps every call, the first outermost. */
  readonly use?: readonly Middleware[];
  /** Closes what the handlers opened, when the process is about to end. */
  dispose?(): void | Promise<void>;
}

/**
 * Makes a plugin of raw handlers, ready for `serve`: for what `defineDataSource` and `defineApp` do not cover, or to wrap the
 * handlers of another plugin. Metrics are collected where no handler does.
 */
export function definePlugin(definition: PluginDefinition): Plugin {
  const metrics: Handlers = definition.handlers.collectMetrics === undefined ? { collectMetrics: metricsHandler } : {};
  const plugin = {
    pluginId: definition.pluginId,
    handlers: { ...metrics, ...wrapHandlers(definition.handlers, definition.use ?? []) },
    dispose: async () => definition.dispose?.(),
  };
  return rememberMaker(plugin, () => {
    const inner = freshPlugin(definition);
    return definePlugin({
      ...definition,
      handlers: inner?.handlers ?? definition.handlers,
      async dispose() {
        await definition.dispose?.();
        await inner?.dispose();
      },
    });
  });
}
