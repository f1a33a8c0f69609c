import type { Socket } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { orAbort } from "./create-dial.js";

/**
 * Makes a connection a TLS one, for protocols that begin without it. The connection is destroyed where that fails.
 *
 * @throws the signal's reason, or the error of TLS
 */
export function startTls(
  socket: Socket,
  options: Omit<ConnectionOptions, "socket" | "host" | "port" | "path">,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const secure = connect({ ...options, socket });
  const done = new Promise<TLSSocket>((resolve, reject) => {
    const failed = (error: Error): void => {
      secure.destroy();
      socket.destroy();
      reject(error);
    };
    const closed = (): void => failed(new Error("the server closed the connection during the TLS handshake"));
    secure.once("error", failed);
    secure.once("close", closed);
    secure.once("secureConnect", () => {
      secure.off("error", failed);
      secure.off("close", closed);
      resolve(secure);
    });
  });
  return orAbort(done, signal, () => {
    secure.destroy();
    socket.destroy();
  });
}
