/** Where a plugin listens, as its handshake says. */
export interface PluginAddress {
  /** What `address` is one of: a socket's path, or host and port. */
  readonly network: "unix" | "tcp";
  /** Path of the socket, or `host:port`. */
  readonly address: string;
}

/**
 * The address as grpc-js wants it. A TCP address without a host, which the Go SDK's standalone servers write, is this
 * machine's.
 */
export function grpcTarget({ network, address }: PluginAddress): string {
  if (network === "unix") {
    return `unix:${address}`;
  }
  return `dns:${address.startsWith(":") ? `127.0.0.1${address}` : address}`;
}
