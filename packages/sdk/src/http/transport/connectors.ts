import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { buildConnector } from "undici/index.js";
import type { HttpTimeouts } from "../settings/http-settings.js";
import type { Undici } from "./undici.js";

/** Opens a connection for the engine. */
export type Connector = buildConnector.connector;

/** TLS options for connections to a data source's server. */
export type ServerTls = Pick<ConnectionOptions, "secureContext" | "rejectUnauthorized" | "servername">;

/** How a connection is made, in the options of undici's connectors. */
export interface ConnectorOptions {
  /** Made when the first `https:` server is asked: it loads the authorities of the system. */
  readonly tls: () => ServerTls;
  readonly timeouts: Pick<HttpTimeouts, "dialMs" | "tlsHandshakeMs" | "keepAliveMs">;
}

/** The TCP part of a connector's options. A keep-alive of 0 is the 15 s that Go's dialer then takes. */
export function tcpOptions({ timeouts }: ConnectorOptions): { timeout: number; keepAliveInitialDelay: number } {
  return { timeout: timeouts.dialMs, keepAliveInitialDelay: timeouts.keepAliveMs || 15_000 };
}

/** The options for TCP and the TLS handshake over it, which undici times as one. */
export function tlsOptions(options: ConnectorOptions): buildConnector.BuildOptions {
  const { dialMs, tlsHandshakeMs } = options.timeouts;
  return {
    ...tcpOptions(options),
    timeout: dialMs === 0 || tlsHandshakeMs === 0 ? 0 : dialMs + tlsHandshakeMs,
    ...options.tls(),
  };
}

/** Makes the connector for servers that are reached directly, or over a connection that is already there. */
export function createConnector(undici: Undici, options: ConnectorOptions): Connector {
  const plain = undici.buildConnector(tcpOptions(options));
  let secure: Connector | undefined;
  return (target, callback) => {
    if (target.protocol === "https:") {
      secure ??= undici.buildConnector(tlsOptions(options));
      // The certificate is for the server, whatever a custom Host header says; and an address is no server name.
      const servername = options.tls().servername ?? (isIP(target.hostname) === 0 ? target.hostname : "");
      secure({ ...target, host: target.hostname, servername }, callback);
    } else {
      plain(target, callback);
    }
  };
}
