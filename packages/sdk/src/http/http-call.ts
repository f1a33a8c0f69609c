import type { GrafanaConfigMap } from "../grafana-config/index.js";
import type { IncomingHeaders } from "./headers/incoming-headers.js";

/**
 * The call of Grafana that requests are made for. The context that each handler gets is one; add `headers` where the call
 * has some.
 */
export interface HttpCall {
  /** Ends the requests when Grafana cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** Who calls: for the user agent, the response limit and the metrics. */
  readonly pluginContext?:
    | {
        readonly pluginId: string;
        readonly pluginVersion: string;
        readonly userAgent: string;
        readonly grafanaConfig: GrafanaConfigMap;
      }
    | undefined;
  /** The headers that came with the call: of a resource request, or of the message of another call. */
  readonly headers?: IncomingHeaders | undefined;
  /** Name of the endpoint, for the metrics: `queryData`, `callResource`, `checkHealth`. */
  readonly endpoint?: string | undefined;
}
