/** The variables by which Grafana configures the traces of its plugins. Source: the Go SDK's backend/setup.go. */
export const TracingVariable = {
  /** Where the collector listens, `host:port`. Nothing is traced without it. */
  address: "GF_INSTANCE_OTLP_ADDRESS",
  /** Headers that name a trace: `w3c`, `jaeger` or both with a comma between them; W3C's with baggage where it is empty. */
  propagation: "GF_INSTANCE_OTLP_PROPAGATION",
  /** `const`, `probabilistic`, `rateLimiting` or `remote`; empty is `const`. */
  samplerType: "GF_INSTANCE_OTLP_SAMPLER_TYPE",
  /** 0 or 1, a probability, or traces a second. */
  samplerParam: "GF_INSTANCE_OTLP_SAMPLER_PARAM",
  /** Where a sampler of type `remote` asks for its strategy. */
  samplerRemoteUrl: "GF_INSTANCE_OTLP_SAMPLER_REMOTE_URL",
  /** The plugin's version, for one whose build does not know it. */
  pluginVersion: "GF_PLUGIN_VERSION",
} as const;
