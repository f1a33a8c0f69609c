import type { PluginIdentity } from "../../calls/plugin-identity.js";
import { parseGrafanaUserAgent } from "../../grafana-config/index.js";
import type { HttpCall } from "../http-call.js";

/**
 * The user agent of a request: Grafana's own with the plugin's name and version behind it, as the Go SDK has it, for example
 * `Grafana/12.1.0 (linux; amd64) acme-weather-datasource/1.2.3`.
 *
 * @returns undefined where the plugin is not known
 */
export function userAgentOf(plugin: PluginIdentity | undefined, call: HttpCall | undefined): string | undefined {
  const context = call?.pluginContext;
  const id = plugin?.id || context?.pluginId || "";
  if (id === "") {
    return undefined;
  }
  const version = plugin?.version || context?.pluginVersion || "0.0.0";
  const userAgent = context?.userAgent ?? "";
  const grafana = parseGrafanaUserAgent(userAgent) === undefined ? "Grafana" : userAgent;
  // Neither can hold a line feed in what Grafana sends; a build's version might hold anything.
  return `${grafana} ${id}/${version}`.replaceAll(/[^\x20-\x7e]/g, "?");
}
