import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2, type SecureClientSessionOptions } from "node:http2";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeHeaders } from "../../src/server/http2/hpack/encode-headers.js";
import { Http2Connection } from "../../src/server/http2/http2-connection.js";
import type { Http2Stream } from "../../src/server/http2/http2-stream.js";
import { RawClient } from "./raw-client.js";

export const STATUS_200 = encodeHeaders([[":status", "200"]]);
export const END = encodeHeaders([["x-end", "yes"]]);

/** The server's side of a connection that was made. */
export interface Served {
  readonly connection: Http2Connection;
  readonly socket: Socket;
  /** Why it ended, or a call on it, where nobody wished so. */
  readonly problems: unknown[];
  isClosed: boolean;
}

/** Serves HTTP/2 on a socket until it is disposed. */
export interface ServedHttp2 extends AsyncDisposable {
  readonly served: readonly Served[];
  /** Connects as HTTP/2. */
  connect(options?: SecureClientSessionOptions): ClientHttp2Session;
  /** Connects the socket alone. */
  dial(): Socket;
  /** Connects, and has sent what a client sends first. */
  dialRaw(): RawClient;
}

let sockets = 0;

/** Serves what `onStream` answers. */
export async function serveHttp2(onStream: (stream: Http2Stream) => void): Promise<ServedHttp2> {
  const served: Served[] = [];
  const server = createServer((socket) => {
    const one: Served = {
      connection: new Http2Connection(socket, {
        onStream,
        onProblem: (error) => one.problems.push(error),
        onClose: () => {
          one.isClosed = true;
        },
      }),
      socket,
      problems: [],
      isClosed: false,
    };
    served.push(one);
  });
  const path = join(tmpdir(), `framewright-http2-${process.pid}-${sockets++}`);
  server.listen(path);
  await once(server, "listening");
  const open: (ClientHttp2Session | Socket)[] = [];
  function dial(): Socket {
    const socket = connect(path);
    socket.on("error", () => {});
    open.push(socket);
    return socket;
  }
  return {
    served,
    dial,
    dialRaw: () => new RawClient(dial()),
    connect(options = {}) {
      const session = connectHttp2("http://localhost", { ...options, createConnection: dial });
      session.on("error", () => {});
      open.push(session);
      return session;
    },
    async [Symbol.asyncDispose]() {
      for (const one of open) {
        one.destroy();
      }
      for (const { connection } of served) {
        connection.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers a stream with these bytes when its request is complete. */
export function answerWith(stream: Http2Stream, ...parts: Uint8Array[]): void {
  stream.listener = {
    onData: () => {},
    onEnd() {
      stream.respond(STATUS_200);
      stream.write(parts);
      stream.end(END);
    },
    onGone: () => {},
  };
}
