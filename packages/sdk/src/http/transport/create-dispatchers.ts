import type { Agent, Dispatcher, EnvHttpProxyAgent } from "undici/index.js";
import type { OnSocksDial } from "../../network/socks-dial.js";
import type { HttpSettings } from "../settings/http-settings.js";
import { type ConnectorOptions, createConnector, type ServerTls, tcpOptions, tlsOptions } from "./connectors.js";
import type { Undici } from "./undici.js";

/** Where the standard proxy variables are read from: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, or the same in small letters. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The connection pools of one client. */
export interface Dispatchers {
  /** The pools for a URL's protocol. */
  for(protocol: string): Dispatcher;
  /** Ends all connections, also those in use. */
  destroy(): Promise<void>;
}

/** Longest delay that a timer takes, in ms: where a setting of 0 says "no limit" and the engine wants a number. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Makes the connection pools: through the secure SOCKS proxy where the settings ask for it, else through the proxies that the
 * environment names, else directly. As in Go, this machine itself is never asked through an environment's proxy.
 */
export async function createDispatchers(
  undici: Undici,
  settings: HttpSettings,
  tls: () => ServerTls,
  env: Environment,
  onSocksDial: OnSocksDial,
): Promise<Dispatchers> {
  const { timeouts } = settings;
  const connection: ConnectorOptions = { timeouts, tls };
  const pool: Agent.Options = {
    // A request is timed as a whole, by its signal.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: timeouts.idleMs || MAX_DELAY_MS,
    connections: settings.maxConnectionsPerHost ?? null,
  };
  const direct = createConnector(undici, connection);
  if (settings.secureSocks !== undefined) {
    const { createSocksConnector } = await import("./socks-connector.js");
    const connect = await createSocksConnector(settings.secureSocks, direct, onSocksDial);
    return fixed(new undici.Agent({ ...pool, connect }));
  }
  const agent = new undici.Agent({ ...pool, connect: direct });
  const proxied = (options: EnvHttpProxyAgent.Options): Dispatcher =>
    new undici.EnvHttpProxyAgent({
      ...pool,
      httpProxy: "",
      httpsProxy: "",
      ...options,
      noProxy: [noProxy, "localhost", "127.0.0.1", "[::1]"].join(","),
      connect: direct,
      proxyTls: tcpOptions(connection),
      // Plain requests go to the proxy as they are: most proxies tunnel to the port of https only.
      proxyTunnel: false,
    });
  const variable = (name: string): string => env[name.toLowerCase()] || env[name] || "";
  const noProxy = variable("NO_PROXY");
  const [httpProxy, httpsProxy] = noProxy === "*" ? ["", ""] : [variable("HTTP_PROXY"), variable("HTTPS_PROXY")];
  const http = httpProxy === "" ? agent : proxied({ httpProxy });
  const https = httpsProxy === "" ? agent : proxied({ httpsProxy, requestTls: tlsOptions(connection) });
  return {
    for: (protocol) => (protocol === "https:" ? https : http),
    async destroy() {
      await Promise.all([...new Set([agent, http, https])].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function fixed(dispatcher: Dispatcher): Dispatchers {
  return { for: () => dispatcher, destroy: () => dispatcher.destroy() };
}
