import { MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE } from "@framewright/protocol";

/** The text for someone who started a plugin by hand; `undefined` when Grafana started it. */
export function startedByHand(env: NodeJS.ProcessEnv, pluginId: string): string | undefined {
  if (env[MAGIC_COOKIE_KEY] === MAGIC_COOKIE_VALUE) {
    return undefined;
  }
  return [
    `This is the backend of the Grafana plugin ${pluginId}. Grafana starts it; it does nothing by itself.`,
    "To use it, put the plugin's folder into Grafana's plugin directory and restart Grafana.",
    "To try it without Grafana: framewright query <the plugin's dist folder> '<query as JSON>'",
    "",
  ].join("\n");
}
