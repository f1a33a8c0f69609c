import { CORE_PROTOCOL_VERSION } from "./handshake-config.js";

/** What a plugin tells its host in the one line it prints on stdout. */
export interface Handshake {
  /** The application protocol version that the plugin chose. */
  readonly protocolVersion: number;
  /** What `address` is one of: a socket's path, or host and port. */
  readonly network: "unix" | "tcp";
  /** Path of the socket, or `host:port`. */
  readonly address: string;
  /** The plugin's certificate, DER in unpadded base64; empty without AutoMTLS. */
  readonly serverCert: string;
  /** Whether the broker is multiplexed; absent when the host did not ask. */
  readonly multiplex?: boolean | undefined;
}

/** Thrown when the first line on a plugin's stdout is not a handshake that this host can use. */
export class HandshakeError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "HandshakeError";
}

/**
 * Writes the handshake line, without its line feed.
 * Format: https://github.com/hashicorp/go-plugin/blob/main/docs/guide-plugin-write-non-go.md
 */
export function formatHandshake(handshake: Handshake): string {
  const { protocolVersion, network, address, serverCert, multiplex } = handshake;
  const line = `${CORE_PROTOCOL_VERSION}|${protocolVersion}|${network}|${address}|grpc|${serverCert}`;
  return multiplex === undefined ? line : `${line}|${multiplex}`;
}

/**
 * Reads a handshake line.
 *
 * @throws HandshakeError when the line has another shape, core version or transport.
 */
export function parseHandshake(line: string): Handshake {
  const parts = line.trim().split("|");
  const [core, version, network, address, transport, serverCert, multiplex] = parts;
  if (core === undefined || version === undefined || network === undefined || address === undefined) {
    throw new HandshakeError(
      `expected a handshake "core|version|network|address|grpc|certificate", got ${quote(line)}; ` +
        "a plugin must print nothing else on stdout before it",
    );
  }
  if (core !== String(CORE_PROTOCOL_VERSION)) {
    throw new HandshakeError(`core protocol version ${quote(core)} is not ${CORE_PROTOCOL_VERSION}, in ${quote(line)}`);
  }
  if (!/^\d{1,9}$/.test(version)) {
    throw new HandshakeError(`protocol version ${quote(version)} is not a number, in ${quote(line)}`);
  }
  if (network !== "unix" && network !== "tcp") {
    throw new HandshakeError(`network ${quote(network)} is neither "unix" nor "tcp", in ${quote(line)}`);
  }
  if (address === "") {
    throw new HandshakeError(`the address is empty, in ${quote(line)}`);
  }
  if (transport !== "grpc") {
    throw new HandshakeError(`transport ${quote(transport ?? "netrpc")} is not "grpc", in ${quote(line)}`);
  }
  return {
    protocolVersion: Number(version),
    network,
    address,
    serverCert: serverCert ?? "",
    multiplex: multiplex === undefined ? undefined : multiplex === "true",
  };
}

/** A peer's text for an error message: escaped, and short enough to read. */
function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
