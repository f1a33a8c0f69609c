import type { Client, MethodDefinition } from "@grpc/grpc-js";
import { type CallOptions, callServerStream, callUnary } from "./grpc-call.js";

/** Makes calls with messages as they are on the wire. The services come from `@framewright/host/wire`. */
export interface Rpc {
  /**
   * Calls a unary RPC.
   *
   * @throws PluginCallError when the plugin answers with an error, the deadline passes or the connection is lost; the
   *   signal's reason when the caller cancelled
   */
  unary<Req, Res>(method: MethodDefinition<Req, Res>, request: Req, options?: CallOptions): Promise<Res>;
  /**
   * Calls a server-streaming RPC, once the first message is asked for. Leaving the loop early cancels the call.
   *
   * @throws as {@link Rpc.unary} does
   */
  serverStream<Req, Res>(method: MethodDefinition<Req, Res>, request: Req, options?: CallOptions): AsyncGenerator<Res>;
}

/**
 * Calls over one connection.
 *
 * @param explain gets what a call failed with and returns what the caller shall see
 */
export function clientRpc(client: Client, explain: (error: unknown) => Promise<unknown>): Rpc {
  return {
    async unary(method, request, options) {
      try {
        return await callUnary(client, method, request, options);
      } catch (error) {
        throw await explain(error);
      }
    },
    async *serverStream(method, request, options) {
      try {
        yield* callServerStream(client, method, request, options);
      } catch (error) {
        throw await explain(error);
      }
    },
  };
}
