import type { CallResult } from "../calls/call-record.js";
import type { ErrorSource } from "../errors.js";
import { exposeMetrics } from "./exposed-metrics.js";
import { counter, type HistogramCell, histogram, type NumberCell } from "./metric-family.js";

// Names, help texts, labels and buckets are those that a plugin made with the Go SDK exposes: its backend/metrics_middleware.go,
// and go-grpc-middleware's providers/prometheus, which its backend/serve.go puts around every RPC.
const requests = counter({
  name: "grafana_plugin_request_total",
  help: "The total amount of plugin requests",
  labels: ["endpoint", "status", "status_source"],
});

const rpc = ["grpc_type", "grpc_service", "grpc_method"];
const started = counter({
  name: "grpc_server_started_total",
  help: "Total number of RPCs started on the server.",
  labels: rpc,
});
const handled = counter({
  name: "grpc_server_handled_total",
  help: "Total number of RPCs completed on the server, regardless of success or failure.",
  labels: [...rpc, "grpc_code"],
});
const received = counter({
  name: "grpc_server_msg_received_total",
  help: "Total number of RPC stream messages received on the server.",
  labels: rpc,
});
const sent = counter({
  name: "grpc_server_msg_sent_total",
  help: "Total number of gRPC stream messages sent by the server.",
  labels: rpc,
});
const handling = histogram({
  name: "grpc_server_handling_seconds",
  help: "Histogram of response latency (seconds) of gRPC that had been application-level handled by the server.",
  labels: rpc,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});
exposeMetrics(() => [requests, handled, handling, received, sent, started]);

/** Counts a call that the plugin's handlers answered. */
export function countRequest(endpoint: string, status: CallResult, source: ErrorSource): void {
  requests.at(endpoint, status, source).value++;
}

/** Counts the calls of one RPC. */
export interface RpcMetrics {
  /** A call came, with its request. */
  started(): void;
  /** A message of its answer was handed to gRPC. */
  sent(): void;
  /** It is over, with this status code of gRPC's, so many seconds after it came. */
  handled(code: number, seconds: number): void;
}

/** Names of the status codes from 0 on, as Go's gRPC spells them. */
const CODE_NAMES = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
];

/**
 * The samples of one RPC, which are looked up at its first call.
 *
 * @param path `/service/method`
 */
export function rpcMetrics(path: string, type: "unary" | "server_stream"): RpcMetrics {
  const [, service = "", method = ""] = path.split("/");
  const labels = [type, service, method];
  const codes = new Map<number, NumberCell>();
  let startedCell: NumberCell | undefined;
  let receivedCell: NumberCell | undefined;
  let sentCell: NumberCell | undefined;
  let handlingCell: HistogramCell | undefined;
  return {
    started() {
      startedCell ??= started.at(...labels);
      receivedCell ??= received.at(...labels);
      startedCell.value++;
      receivedCell.value++;
    },
    sent() {
      sentCell ??= sent.at(...labels);
      sentCell.value++;
    },
    handled(code, seconds) {
      const cell = codes.get(code) ?? handled.at(...labels, CODE_NAMES[code] ?? String(code));
      codes.set(code, cell);
      cell.value++;
      handlingCell ??= handling.at(...labels);
      handlingCell.observe(seconds);
    },
  };
}
