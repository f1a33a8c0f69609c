import { GRAFANA_PROTOCOL_VERSION, HandshakeEnv, MAGIC_COOKIE_KEY, MAGIC_COOKIE_VALUE } from "@framewright/protocol";

/** Lowest and highest port a plugin on Windows may take; go-plugin's defaults. */
const MIN_PORT = 10_000;
const MAX_PORT = 25_000;

/**
 * The whole environment of a plugin's process, as Grafana gives it: the handshake's variables and what was asked for,
 * nothing of the host's own, which may hold secrets of other programs.
 *
 * @param extra added last; wins over everything else
 */
export function pluginEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  // Windows cannot open a socket in a process that has no SystemRoot.
  const systemRoot = process.env["SystemRoot"];
  return {
    ...(systemRoot === undefined ? {} : { SystemRoot: systemRoot }),
    [MAGIC_COOKIE_KEY]: MAGIC_COOKIE_VALUE,
    [HandshakeEnv.protocolVersions]: String(GRAFANA_PROTOCOL_VERSION),
    [HandshakeEnv.minPort]: String(MIN_PORT),
    [HandshakeEnv.maxPort]: String(MAX_PORT),
    ...extra,
  };
}
