import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A real HTTP server of a test. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** All requests so far whose body has arrived. */
  readonly seen: readonly SeenRequest[];
  /** How many connections were made to it. */
  readonly connections: () => number;
}

/**
 * Starts a server on a free port of this machine.
 *
 * @param answer answers a request; its body was read before
 */
export async function startServer(
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  return listen(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, body: await text(request) };
    seen.push(one);
    answer(one, response);
  }, seen);
}

async function listen(listener: RequestListener, seen: readonly SeenRequest[]): Promise<TestServer> {
  const server = createServer(listener);
  let connections = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
