import { parseResponseLimit } from "../grafana-config/grafana-config.js";
import { GrafanaConfigKey, type GrafanaConfigMap } from "../grafana-config/index.js";
import type { ResponseLimit } from "./errors/limit-error.js";

/** The variable by which Grafana's setting reaches a plugin that gets no configuration with its calls. */
export const LIMIT_VARIABLE = "GF_DATAPROXY_RESPONSE_LIMIT";

/** Where a limit for answers may be said, the first one said counts. */
export interface ResponseLimitSources {
  /** By the request itself, in bytes. */
  readonly request: number | undefined;
  /** By Grafana's configuration as it came with the present call. */
  readonly call: GrafanaConfigMap | undefined;
  /** By Grafana's configuration as it was when the client was made. */
  readonly config: GrafanaConfigMap | undefined;
  /** By the environment, in bytes. */
  readonly environment: number | undefined;
  /** By the plugin's author for all requests, in bytes. */
  readonly client: number | undefined;
}

/** Finds the limit for one answer, in the order of the Go SDK's `ResponseLimitMiddleware`. Undefined is no limit. */
export function findResponseLimit(sources: ResponseLimitSources): ResponseLimit | undefined {
  const configured = (config: GrafanaConfigMap | undefined): number | undefined =>
    parseResponseLimit(config?.get(GrafanaConfigKey.responseLimit));
  const byPlugin = (bytes: number | undefined): number | undefined =>
    bytes !== undefined && bytes > 0 ? bytes : undefined;
  const candidates: readonly (readonly [number | undefined, string])[] = [
    [byPlugin(sources.request), "the plugin for this request"],
    [configured(sources.call) ?? configured(sources.config), "Grafana ([dataproxy] response_limit)"],
    [sources.environment, `Grafana (${LIMIT_VARIABLE})`],
    [byPlugin(sources.client), "the plugin"],
  ];
  for (const [bytes, setBy] of candidates) {
    if (bytes !== undefined) {
      return { bytes, setBy };
    }
  }
  return undefined;
}
