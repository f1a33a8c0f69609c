import type { Handlers, Plugin } from "./handlers.js";

/** How the plugin that has these handlers is made once more. */
const makers = new WeakMap<Handlers, () => Plugin>();

/**
 * Notes how a plugin is made once more, with nothing opened. By its handlers: they stay the same where an author spreads a
 * plugin into another definition.
 */
export function rememberMaker(plugin: Plugin, make: () => Plugin): Plugin {
  makers.set(plugin.handlers, make);
  return plugin;
}

/**
 * A plugin of the same definition in which nothing is open yet, so that a test can dispose it and another test begin anew;
 * undefined where there is nothing that could be made once more, such as raw handlers.
 */
export function freshPlugin({ handlers }: { readonly handlers: Handlers }): Plugin | undefined {
  return makers.get(handlers)?.();
}
