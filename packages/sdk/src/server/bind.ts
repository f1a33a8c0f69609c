import { chmod, chown, rm } from "node:fs/promises";
import { findGroup } from "./find-group.js";
import type { GrpcServer, ServerTls } from "./grpc/grpc-server.js";
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
 * @param tls how it speaks TLS, where it does
 * @throws ListenAddressError when no port of a range is free or the socket's group is not known; the system's error when the socket cannot be made
 */
export async function bind(
  server: GrpcServer,
  where: ListenAddress,
  tls: ServerTls | undefined,
): Promise<BoundAddress> {
  if (where.network === "tcp") {
    const port = await bindFirstFree(server, tls, where.minPort, where.maxPort);
    return { network: "tcp", address: `127.0.0.1:${port}` };
  }
  const { path } = where;
  // Before there is a socket that an unknown group would leave behind.
  const group = where.group === undefined ? undefined : await findGroup(where.group);
  // The socket must never be open to others, not even between its creation and a chmod.
  const umask = process.umask(0o177);
  try {
    await server.listen({ path }, tls);
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
  server: GrpcServer,
  tls: ServerTls | undefined,
  minPort: number,
  maxPort: number,
): Promise<number> {
  let reason: unknown;
  for (let port = minPort; port <= maxPort; port++) {
    try {
      return await server.listen({ host: "127.0.0.1", port }, tls);
    } catch (error) {
      reason = error;
    }
  }
  throw new ListenAddressError(`no port from ${minPort} to ${maxPort} is free`, { cause: reason });
}
