import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { Server as NetServer, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";

/** A running server of a test. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** How many connections were made to it so far. */
  connections(): number;
}

/** The server of a data source, which does what its paths say. All others answer with what was asked, and how. */
export function startDataServer(tls?: ServerOptions): Promise<RunningServer> {
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? "", "http://server.invalid");
    switch (url.pathname) {
      case "/hang":
        return;
      case "/bytes":
        response.end(Buffer.alloc(Number(url.searchParams.get("size")), "x"));
        return;
      case "/echo-body":
        request.pipe(response);
        return;
      case "/gzip":
        response.setHeader("content-encoding", "gzip");
        response.end(gzipSync("x".repeat(Number(url.searchParams.get("size")))));
        return;
      case "/damaged":
        response.setHeader("content-encoding", "gzip");
        response.end(gzipSync("x".repeat(100_000)).subarray(0, 50));
        return;
      case "/redirect":
        response.writeHead(Number(url.searchParams.get("status")), { location: url.searchParams.get("to") ?? "" });
        response.end();
        return;
      case "/trickle":
        response.write("first");
        return;
      case "/cut":
        response.write("start");
        setTimeout(() => response.destroy(), 20);
        return;
      default: {
        const { socket } = request;
        const encrypted = socket instanceof TLSSocket;
        response.setHeader("content-type", "application/json");
        response.end(
          JSON.stringify({
            url: request.url,
            headers: request.headers,
            clientName: encrypted ? socket.getPeerCertificate().subject?.CN : undefined,
            serverName: encrypted ? Reflect.get(socket, "servername") : undefined,
            protocol: encrypted ? socket.getProtocol() : undefined,
          }),
        );
      }
    }
  };
  return listen(tls === undefined ? createServer(listener) : createTlsServer(tls, listener));
}

/** A server that closes each connection at its second request, as one does whose idle time has just run out. */
export function startForgetfulServer(): Promise<RunningServer> {
  const served = new WeakSet<Socket>();
  return listen(
    createServer({ keepAlive: true }, (request, response) => {
      if (served.has(request.socket)) {
        request.socket.destroy();
        return;
      }
      served.add(request.socket);
      response.end("served");
    }),
  );
}

/** Listens on a free port of this machine; disposing ends the connections too. */
export async function listen(server: NetServer | Server): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    // A client that gives up is what some tests are about.
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return {
    port: address.port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
