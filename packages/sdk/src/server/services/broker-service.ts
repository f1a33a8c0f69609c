import type { CallsInFlight } from "../calls/calls-in-flight.js";
import type { AnswerMany } from "../grpc/server-call.js";

/**
 * go-plugin's broker, over which host and plugin could tell each other of further listeners. Every host opens the stream
 * when it connects and Grafana's protocol never uses it: it is kept open, and what comes is read and dropped.
 * Source: go-plugin's grpc_broker.go.
 */
export function startStream(inFlight: CallsInFlight): AnswerMany {
  return (call) => {
    call.onOver(inFlight.hold(() => call.end()));
    return { onMessage: () => {}, onEnd: () => call.end() };
  };
}
