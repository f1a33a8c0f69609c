import { chmod, chown, rm } from "node:fs/promises";
import type { Server, ServerCredentials } from "@grpc/grpc-js";
import { findGroup } from "./find-group.js";
import { type ListenAddress, ListenAddressError } from "./listen-address.js";

/** A place the server listens at now. */
export interface BoundAddress {
  readonly network: "unix" | "tcp";
  /** Path of the socket, or `127.0.0.1:port`. */
  readonly address: string;
}

/**
 * Binds a gRPC server.
 *
 * @throws ListenAddressError when no port of a range is free or the socket's group is not known; the system's error when the socket cannot be made
 */
export async function bind(
  server: Server,
  where: ListenAddress,
  credentials: ServerCredentials,
): Promise<BoundAddress> {
  if (where.network === "tcp") {
    const port = await bindFirstFree(server, credentials, where.minPort, where.maxPort);
    return { network: "tcp", address: `127.0.0.1:${port}` };
  }
  const { path } = where;
  // Before there is a socket that an unknown group would leave behind.
  const group = where.group === undefined ? undefined : await findGroup(where.group);
  // The socket must never be open to others, not even between its creation and a chmod.
  const umask = process.umask(0o177);
  try {
    await bindTo(server, credentials, `unix:${path}`);
  } finally {
    process.umask(umask);
  }
  try {
    if (group === undefined) {
      await chmod(path, 0o600);
    } else {
      await chown(path, -1, group);
      await chmod(path, 0o660);
    }
  } catch (error) {
    await removeSocket(where);
    throw error;
  }
  return { network: "unix", address: path };
}

/** Removes the socket file, if there is one. */
export async function removeSocket(where: ListenAddress): Promise<void> {
  if (where.network === "unix") {
    await rm(where.path, { force: true });
  }
}

async function bindFirstFree(
  server: Server,
  credentials: ServerCredentials,
  minPort: number,
  maxPort: number,
): Promise<number> {
  let reason: unknown;
  for (let port = minPort; port <= maxPort; port++) {
    try {
      return await bindTo(server, credentials, `127.0.0.1:${port}`);
    } catch (error) {
      reason = error;
    }
  }
  throw new ListenAddressError(`no port from ${minPort} to ${maxPort} is free`, { cause: reason });
}

/** Binds a gRPC server to one target, `unix:` and a path or `host:port`. Resolves with the port. */
export function bindTo(server: Server, credentials: ServerCredentials, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(target, credentials, (error, port) => {
      if (error === null) {
        resolve(port);
      } else {
        reject(error);
      }
    });
  });
}
