/**
 * The names under which Grafana sends its configuration with each call. Source: grafana-plugin-sdk-go, `config`,
 * `backend/proxy` and `experimental/featuretoggles`.
 */
export const GrafanaConfigKey = {
  /** Grafana's own address, with the path it is served under. */
  appUrl: "GF_APP_URL",
  /** How many queries of a request may run side by side. */
  concurrentQueryCount: "GF_CONCURRENT_QUERY_COUNT",
  /** What users read where an error must not be shown to them. */
  userFacingDefaultError: "GF_USER_FACING_DEFAULT_ERROR",
  /** Names of the enabled feature toggles, comma separated. */
  featureToggles: "GF_INSTANCE_FEATURE_TOGGLES_ENABLE",
  /** Most rows that a SQL query may answer. */
  sqlRowLimit: "GF_SQL_ROW_LIMIT",
  /** How many connections to a database a data source may have open, unless its settings say. */
  sqlMaxOpenConns: "GF_SQL_MAX_OPEN_CONNS_DEFAULT",
  /** How many of them may be idle, unless its settings say. */
  sqlMaxIdleConns: "GF_SQL_MAX_IDLE_CONNS_DEFAULT",
  /** How old such a connection may get, in seconds, unless its settings say. */
  sqlMaxConnLifetimeSeconds: "GF_SQL_MAX_CONN_LIFETIME_SECONDS_DEFAULT",
  /** Most bytes that one HTTP response of a data source may have. */
  responseLimit: "GF_RESPONSE_LIMIT",
  /** Client secret of an app plugin's service account. */
  appClientSecret: "GF_PLUGIN_APP_CLIENT_SECRET",
  /** How many messages Grafana Live queues for one client. */
  liveClientQueueMaxSize: "GF_LIVE_CLIENT_QUEUE_MAX_SIZE",
  /** Whether there is a secure SOCKS proxy: `true` or `false`. */
  proxyEnabled: "GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED",
  /** Its host and port. */
  proxyAddress: "GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS",
  /** The name that its certificate must have. */
  proxyServerName: "GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_NAME",
  /** Whether it is spoken to without TLS: `true` or `false`. */
  proxyAllowInsecure: "GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE",
  /** Path of a PEM file. */
  proxyClientCertFile: "GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT",
  /** The PEM text itself. */
  proxyClientCert: "GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_CERT_VAL",
  /** Path of a PEM file. */
  proxyClientKeyFile: "GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY",
  /** The PEM text itself. */
  proxyClientKey: "GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL",
  /** Paths of PEM files, separated by spaces. */
  proxyRootCaFiles: "GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT",
  /** The PEM texts themselves, separated by commas. */
  proxyRootCas: "GF_SECURE_SOCKS_DATASOURCE_PROXY_ROOT_CA_CERT_VALS",
} as const;
