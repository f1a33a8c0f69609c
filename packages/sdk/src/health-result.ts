/** What the "Save & test" button shows. */
export interface HealthResult {
  /** Whether all is well; `unknown` where that could not be found out. */
  readonly status: "ok" | "error" | "unknown";
  /** For the person who pressed the button. */
  readonly message: string;
  /** Anything more, as JSON. `verboseMessage` is what Grafana shows behind "more details". */
  readonly details?: Readonly<Record<string, unknown>>;
}
