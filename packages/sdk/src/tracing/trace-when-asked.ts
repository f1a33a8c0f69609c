import { log } from "../log/logger.js";
import { setCurrentTracing } from "./current-tracing.js";
import { TracingVariable } from "./tracing-variables.js";

/**
 * Begins to trace where Grafana asks for it; else nothing of OpenTelemetry is loaded. What cannot be traced is served all the
 * same: the log says why.
 *
 * @param attributes the author's own attributes of the resource
 */
export async function traceWhenAsked(
  env: NodeJS.ProcessEnv,
  pluginId: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!env[TracingVariable.address]) {
    return;
  }
  try {
    const { startTracing } = await import("./start-tracing.js");
    setCurrentTracing(startTracing({ env, pluginId, attributes }));
  } catch (error) {
    log.error("the plugin runs without traces", { error });
  }
}
