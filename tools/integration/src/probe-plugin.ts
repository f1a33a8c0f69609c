import type { LocatedPlugin, PluginContextInput } from "@framewright/host";
import { buildPlugin } from "./build-plugin.js";

/** Compiles the probe, a plugin that has every service and misbehaves on request. */
export function buildProbe(): Promise<LocatedPlugin> {
  return buildPlugin("probe");
}

/** The context of a probe data source with these settings. */
export function probeContext(
  jsonData: Readonly<Record<string, unknown>> = {},
  updated = new Date(1_000),
): PluginContextInput {
  return { pluginId: "framewright-probe-datasource", dataSource: { uid: "probe", name: "Probe", jsonData, updated } };
}
