import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HandshakeEnv } from "@framewright/protocol";

/** A place to listen at: a socket file that does not exist yet, or a range of TCP ports to try in turn. */
export type ListenAddress =
  | { readonly network: "unix"; readonly path: string; readonly group: string | undefined }
  | { readonly network: "tcp"; readonly minPort: number; readonly maxPort: number };

/** Longest path a Unix socket can have, in bytes: `sun_path` less its final zero, 108 on Linux, 104 on macOS and BSDs. */
function maxSocketPath(platform: NodeJS.Platform): number {
  return platform === "linux" ? 107 : 103;
}

/** Thrown when the environment asks for an address that cannot be. */
export class ListenAddressError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "ListenAddressError";
}

/**
 * Where the host wants the plugin to listen: a socket in `PLUGIN_UNIX_SOCKET_DIR` or the temporary folder, for the group in
 * `PLUGIN_UNIX_SOCKET_GROUP` too where that is set; on Windows
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
  const longest = maxSocketPath(platform);
  if (Buffer.byteLength(path) > longest) {
    throw new ListenAddressError(
      `the socket's path ${path} is longer than ${longest} bytes; set ${HandshakeEnv.unixSocketDir} or TMPDIR to a shorter folder`,
    );
  }
  return { network: "unix", path, group: env[HandshakeEnv.unixSocketGroup] || undefined };
}

function readPort(env: NodeJS.ProcessEnv, name: string): number {
  const text = env[name] || "0";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new ListenAddressError(`${name} is ${JSON.stringify(text)}, not a port number`);
  }
  return port;
}
