const GO_PLUGIN = "https://github.com/hashicorp/go-plugin/blob/v1.8.0";
const GO_SDK = "https://github.com/grafana/grafana-plugin-sdk-go/blob/v0.298.0";

/** Where the requirements are written, or the code of hosts and of the official SDK that relies on them. */
export const sources = {
  guide: `${GO_PLUGIN}/docs/guide-plugin-write-non-go.md`,
  server: `${GO_PLUGIN}/server.go`,
  client: `${GO_PLUGIN}/client.go`,
  stdio: `${GO_PLUGIN}/grpc_stdio.go`,
  broker: `${GO_PLUGIN}/grpc_broker.go`,
  logEntry: `${GO_PLUGIN}/log_entry.go`,
  handshakeConfig: `${GO_SDK}/backend/grpcplugin/handshake.go`,
  pluginv2: `${GO_SDK}/proto/backend.proto`,
  serve: `${GO_SDK}/backend/serve.go`,
  frames: "https://grafana.com/developers/dataplane/contract-spec",
  arrowFile: "https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format",
  grpcHealth: "https://github.com/grpc/grpc/blob/master/doc/health-checking.md",
  grpcStatus: "https://grpc.io/docs/guides/status-codes/",
  grpcReflection: "https://github.com/grpc/grpc/blob/master/doc/server-reflection.md",
  prometheus: "https://prometheus.io/docs/instrumenting/exposition_formats/",
} as const;
