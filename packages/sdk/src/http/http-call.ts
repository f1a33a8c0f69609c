import type { GrafanaConfigMap } from "../grafana-config/index.js";

/** The call of Grafana that requests are made for. The context that each handler gets is one. */
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
  /** The HTTP headers that came with the call, or that Grafana forwards with it. */
  readonly headers?: Headers | undefined;
  /** Name of the endpoint, for the metrics: `queryData`, `callResource`, `checkHealth`. */
  readonly endpoint?: string | undefined;
}
