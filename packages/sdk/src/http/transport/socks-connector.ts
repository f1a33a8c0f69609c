import type { SecureSocksSettings } from "../../network/secure-socks-settings.js";
import { createSocksDial, type OnSocksDial } from "../../network/socks-dial.js";
import type { Connector } from "./connectors.js";

/**
 * Makes the connector for servers behind Grafana's secure SOCKS proxy.
 *
 * @param inner makes TLS over the connection for `https:` servers
 * @throws DownstreamError (500) when the proxy's certificates cannot be read
 */
export async function createSocksConnector(
  settings: SecureSocksSettings,
  inner: Connector,
  onDial: OnSocksDial,
): Promise<Connector> {
  const dial = await createSocksDial(settings, onDial);
  return (target, callback) => {
    const port = Number(target.port) || (target.protocol === "https:" ? 443 : 80);
    dial(target.hostname, port).then(
      (socket) => {
        if (target.protocol === "https:") {
          inner({ ...target, httpSocket: socket }, callback);
        } else {
          callback(null, socket);
        }
      },
      (error: Error) => callback(error, null),
    );
  };
}
