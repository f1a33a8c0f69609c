import type { ProtobufEmpty, StdioData } from "@framewright/protocol";
import type { handleServerStreamingCall } from "@grpc/grpc-js";
import type { CallsInFlight } from "../calls/calls-in-flight.js";

/**
 * go-plugin's `StreamStdio`: a stream that stays open until the plugin ends. A Go plugin sends what is printed after the
 * handshake through it; here that is in the log already, so nothing comes, and a host reads the end of the stream as the
 * end of the output. Source: go-plugin's grpc_stdio.go.
 */
export function streamStdio(inFlight: CallsInFlight): handleServerStreamingCall<ProtobufEmpty, StdioData> {
  return (call) => {
    call.once(
      "cancelled",
      inFlight.hold(() => call.end()),
    );
  };
}
