import type { CallsInFlight } from "../calls/calls-in-flight.js";
import type { AnswerOne } from "../grpc/server-call.js";

/**
 * go-plugin's `StreamStdio`: a stream that stays open until the plugin ends. A Go plugin sends what is printed after the
 * handshake through it; here that is in the log already, so nothing comes, and a host reads the end of the stream as the
 * end of the output. Source: go-plugin's grpc_stdio.go.
 */
export function streamStdio(inFlight: CallsInFlight): AnswerOne {
  return (call) => {
    call.onOver(inFlight.hold(() => call.end()));
  };
}
