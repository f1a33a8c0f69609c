import type { ConnInfo } from "@framewright/protocol";
import type { handleBidiStreamingCall } from "@grpc/grpc-js";
import type { CallsInFlight } from "../calls/calls-in-flight.js";

/**
 * go-plugin's broker, over which host and plugin could tell each other of further listeners. Every host opens the stream
 * when it connects and Grafana's protocol never uses it: it is kept open, and what comes is read and dropped.
 * Source: go-plugin's grpc_broker.go.
 */
export function startStream(inFlight: CallsInFlight): handleBidiStreamingCall<ConnInfo, ConnInfo> {
  return (call) => {
    call.once(
      "cancelled",
      inFlight.hold(() => call.end()),
    );
    call.on("end", () => call.end());
    call.resume();
  };
}
