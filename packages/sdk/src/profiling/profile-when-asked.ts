import { log } from "../log/logger.js";

/**
 * Offers profiles of the process over HTTP where `GF_PLUGIN_PROFILING_ENABLED` is `true`, at `GF_PLUGIN_PROFILING_PORT` (6060) of
 * this machine, or at `host:port` where that is set. The variables are the Go SDK's (backend/setup.go), where they start pprof.
 */
export async function profileWhenAsked(env: NodeJS.ProcessEnv): Promise<void> {
  if (env["GF_PLUGIN_PROFILING_ENABLED"] !== "true") {
    return;
  }
  const asked = env["GF_PLUGIN_PROFILING_PORT"] ?? "";
  try {
    const { serveProfiles } = await import("./serve-profiles.js");
    log.info("Profiling enabled", { address: await serveProfiles(asked) });
  } catch (error) {
    log.error("the plugin runs without profiles", { asked, error });
  }
}
