/**
 * What in Grafana a call comes from, as far as it says so in headers. Their names are Grafana's: `FromAlert`, `X-Rule-*`,
 * `X-Grafana-From-Expr`, `X-Dashboard-Uid`, `X-Panel-Id`, `X-Panel-Plugin-Id`, `X-Query-Group-Id`.
 */
export interface CallOrigin {
  /** An alert rule asks, not a person. */
  readonly alert: boolean;
  /** The answer goes into a server-side expression. */
  readonly expression: boolean;
  /** The alert rule. */
  readonly ruleUid: string | undefined;
  /** The alert rule's title. */
  readonly ruleName: string | undefined;
  /** The dashboard. */
  readonly dashboardUid: string | undefined;
  /** The panel within its dashboard. */
  readonly panelId: string | undefined;
  /** The panel's type, such as `timeseries`. */
  readonly panelPluginId: string | undefined;
  /** The same for requests that a panel split one query range into. */
  readonly queryGroupId: string | undefined;
}

/** Reads the origin off the headers of a call. */
export function readCallOrigin(headers: Headers): CallOrigin {
  const text = (name: string): string | undefined => headers.get(name) ?? undefined;
  return {
    alert: headers.has("fromalert"),
    expression: headers.has("x-grafana-from-expr"),
    ruleUid: text("x-rule-uid"),
    ruleName: text("x-rule-name"),
    dashboardUid: text("x-dashboard-uid"),
    panelId: text("x-panel-id"),
    panelPluginId: text("x-panel-plugin-id"),
    queryGroupId: text("x-query-group-id"),
  };
}
