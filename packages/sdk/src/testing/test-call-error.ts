import { type CallStatus, statusName } from "../server/grpc/status.js";

/**
 * Thrown when a call as a whole fails, where Grafana would get a gRPC status other than OK. What belongs to one query, to a health
 * check or to a resource request is in the answer, not here.
 */
export class TestCallError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "TestCallError";
  /** The RPC's path, such as `/pluginv2.Data/QueryData`. */
  readonly rpc: string;
  /** The status's name: `UNIMPLEMENTED` where the definition does not speak of the RPC, `UNKNOWN` for what a handler threw. */
  readonly code: string;
  /** The status's text, as Grafana gets it: without secrets. */
  readonly details: string;

  constructor(rpc: string, { code, details }: CallStatus) {
    super(`${rpc}: ${statusName(code)}: ${details}`);
    this.rpc = rpc;
    this.code = statusName(code);
    this.details = details;
  }
}
