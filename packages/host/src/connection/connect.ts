import { type ChannelCredentials, Client, credentials } from "@grpc/grpc-js";
import { grpcTarget, type PluginAddress } from "./plugin-address.js";

/**
 * How much a plugin may send of a stream before this side has said that it read it, in bytes. With the 64 KiB that HTTP/2
 * begins with, answers of 20 MB took twice as long.
 */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Both sides of AutoMTLS make out their certificate to this name. */
const TLS_NAME = "localhost";

/**
 * Makes a client for a plugin. It connects with the first call. Messages of any size are received and sent, as go-plugin's
 * hosts do.
 *
 * @param tls plain text unless given
 */
export function connect(address: PluginAddress, tls?: ChannelCredentials): Client {
  return new Client(grpcTarget(address), tls ?? credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc-node.flow_control_window": WINDOW_BYTES,
    // A proxy of the environment must never come between a host and a process of the same machine.
    "grpc.enable_http_proxy": 0,
    // A plugin's address is never used again, so a client shared with another of the same address would only hold it open.
    "grpc.use_local_subchannel_pool": 1,
    ...(tls === undefined ? {} : { "grpc.ssl_target_name_override": TLS_NAME, "grpc.default_authority": TLS_NAME }),
  });
}
