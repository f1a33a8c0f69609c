/**
 * The constants that Grafana and its plugins agree on before they speak gRPC.
 * Source: go-plugin's `HandshakeConfig` as the Go SDK fills it in (backend/grpcplugin/handshake.go).
 */

/** Version of go-plugin's own protocol: the first field of the handshake line. */
export const CORE_PROTOCOL_VERSION = 1;

/** Version of Grafana's `pluginv2` protocol: the second field of the handshake line. */
export const GRAFANA_PROTOCOL_VERSION = 2;

/** Environment variable by which a plugin knows that a host started it. It guards against a start by hand, not against attackers. */
export const MAGIC_COOKIE_KEY = "grafana_plugin_type";

/** What {@link MAGIC_COOKIE_KEY} holds. */
export const MAGIC_COOKIE_VALUE = "datasource";

/** The service name for which the gRPC health service must answer SERVING. */
export const HEALTH_SERVICE_NAME = "plugin";

/** Environment variables through which go-plugin's host tells the plugin what it wants. */
export const HandshakeEnv = {
  /** The protocol versions that the host speaks, separated by commas. */
  protocolVersions: "PLUGIN_PROTOCOL_VERSIONS",
  /** Lowest TCP port that the plugin may listen on. Used on Windows. */
  minPort: "PLUGIN_MIN_PORT",
  /** Highest TCP port that the plugin may listen on. Used on Windows. */
  maxPort: "PLUGIN_MAX_PORT",
  /** Folder for the Unix socket; the system's temporary folder when empty. */
  unixSocketDir: "PLUGIN_UNIX_SOCKET_DIR",
  /** Name or number of the group that may use the socket besides its owner. */
  unixSocketGroup: "PLUGIN_UNIX_SOCKET_GROUP",
  /** The host's certificate as PEM when it asks for AutoMTLS. */
  clientCert: "PLUGIN_CLIENT_CERT",
  /** Set when the host can read a seventh field and would multiplex the broker. */
  multiplexGrpc: "PLUGIN_MULTIPLEX_GRPC",
} as const;
