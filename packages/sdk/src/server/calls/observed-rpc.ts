import type { GrpcMethod, PluginContext } from "@framewright/protocol";
import type { CallFailure } from "../../calls/call-record.js";
import type { RpcName } from "../../middleware/middleware.js";
import type { ObservedRpc } from "./observe-calls.js";

/** What the requests of the plugin's RPCs have in common. */
export interface PluginRequest {
  readonly pluginContext?: PluginContext | undefined;
}

/**
 * An RPC as it is followed.
 *
 * @param endpoint the name of the plugin's handler; undefined for an RPC that is go-plugin's own
 * @param failuresOf reads the failures that an answer tells of; none unless given
 */
export function observedRpc<Req extends PluginRequest, Res>(
  method: GrpcMethod<Req, Res>,
  endpoint: RpcName | undefined,
  failuresOf: (message: Res) => readonly CallFailure[] = () => [],
): ObservedRpc<Req, Res> {
  return {
    path: method.path,
    type: method.responseStream ? "server_stream" : "unary",
    endpoint,
    pluginContextOf: (request) => request.pluginContext,
    failuresOf,
  };
}
