import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandshakeEnv } from "@framewright/protocol";

/** A place to listen at: a socket file that does not exist yet, or a range of TCP ports to try in turn. */
export type ListenAddress =
  | { readonly network: "unix"; readonly path: string }
  | { readonly network: "tcp"; readonly minPort: number; readonly maxPort: number };

/** Longest path a Unix socket can have, in bytes: `sun_path` less its final zero, 104 on BSDs, 108 on Linux. */
const MAX_SOCKET_PATH = 103;

/** Thrown when the environment asks for an address that cannot be. */
export class ListenAddressError extends Error {
  override readonly name = "ListenAddressError";
}

/**
 * Where the host wants the plugin to listen: a socket in `PLUGIN_UNIX_SOCKET_DIR` or the temporary folder; on Windows
 * a port between `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT`, any free one when both are 0 or absent.
 *
 * @throws ListenAddressError when a port is no number, the range is empty, or the socket's path is too long
 */
export function listenAddress(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): ListenAddress {
  if (platform === "win32") {
    const minPort = readPort(env, HandshakeEnv.minPort);
    const maxPort = readPort(env, HandshakeEnv.maxPort);
    if (minPort > maxPort) {
      throw new ListenAddressError(
        `${HandshakeEnv.minPort} ${minPort} is greater than ${HandshakeEnv.maxPort} ${maxPort}`,
      );
    }
    return { network: "tcp", minPort, maxPort };
  }
  const folder = env[HandshakeEnv.unixSocketDir] || tmpdir();
  const path = join(folder, `plugin${randomBytes(6).toString("hex")}`);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new ListenAddressError(
      `the socket's path ${path} is longer than ${MAX_SOCKET_PATH} bytes; set ${HandshakeEnv.unixSocketDir} or TMPDIR to a shorter folder`,
    );
  }
  return { network: "unix", path };
}

function readPort(env: NodeJS.ProcessEnv, name: string): number {
  const text = env[name] || "0";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new ListenAddressError(`${name} is ${JSON.stringify(text)}, not a port number`);
  }
  return port;
}
