/** How a plugin is served. */
export interface ServeOptions {
  /**
   * Largest message that is accepted, in bytes; 16 MiB unless given, and -1 for any size. A larger one is answered with
   * RESOURCE_EXHAUSTED. What the plugin sends is not limited.
   */
  readonly maxReceivedBytes?: number;
  /** Attributes of the plugin's traces, beside its id and version: the Go SDK's `TracingOpts.CustomAttributes`. */
  readonly traceAttributes?: Readonly<Record<string, string>>;
}
