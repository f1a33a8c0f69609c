import type { ChannelCredentials, Client } from "@grpc/grpc-js";
import { createCalls } from "./client/create-calls.js";
import type { PluginCalls } from "./client/plugin-calls.js";
import { clientRpc, type Rpc } from "./client/rpc.js";
import { connect } from "./connection/connect.js";
import type { PluginAddress } from "./connection/plugin-address.js";

/** A connection to a plugin whose process somebody else looks after. */
export interface PluginConnection extends PluginCalls, Disposable {
  /** Calls with messages as they are on the wire. */
  readonly rpc: Rpc;
  /** The connection itself. */
  readonly client: Client;
}

/**
 * Makes the calls of a plugin at an address; the connection is made with the first one. Whatever else belongs to a plugin,
 * its process and its log, is not touched: `startPlugin` and `reattachPlugin` do all of it.
 *
 * @param tls plain text unless given
 */
export function connectPlugin(address: PluginAddress, tls?: ChannelCredentials): PluginConnection {
  const client = connect(address, tls);
  const rpc = clientRpc(client, async (error) => error);
  return { ...createCalls(rpc), rpc, client, [Symbol.dispose]: () => client.close() };
}
