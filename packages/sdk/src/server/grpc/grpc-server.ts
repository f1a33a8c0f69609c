import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import { encodeHeaders } from "../http2/hpack/encode-headers.js";
import { Http2Connection } from "../http2/http2-connection.js";
import type { Http2Stream } from "../http2/http2-stream.js";
import { Http2Call } from "./http2-call.js";
import { oneRequest, receiveRequests } from "./receive-requests.js";
import type { AnswerMany, AnswerOne, RequestListener } from "./server-call.js";
import { status } from "./status.js";

/** What a server shows to its clients, and whom it lets in. */
export type ServerTls = Pick<TlsOptions, "cert" | "key" | "ca" | "requestCert">;

/** The name of HTTP/2 by which TLS agrees on it. */
const ALPN = "h2";

/** `application/grpc`, perhaps with a format such as `+proto`, but not `application/grpc-web`. */
const GRPC_TYPE = /^application\/grpc(?:$|[+;])/;

const METHOD_NOT_ALLOWED = encodeHeaders([[":status", "405"]]);
const UNSUPPORTED_MEDIA_TYPE = encodeHeaders([[":status", "415"]]);

/**
 * Serves gRPC over HTTP/2. Messages come and go as bytes.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class GrpcServer {
  readonly #maxReceivedBytes: number;
  readonly #onProblem: (error: unknown) => void;
  readonly #methods = new Map<string, (call: Http2Call) => RequestListener>();
  readonly #servers = new Set<Server>();
  readonly #connections = new Set<Http2Connection>();
  /** Connections whose TLS has only begun. */
  readonly #greeting = new Set<Socket>();
  #isClosing = false;

  /**
   * @param maxReceivedBytes of a message; -1 for any size. A larger one is answered with RESOURCE_EXHAUSTED
   * @param onProblem is told why a connection ended, or a call could not be taken, where nobody wished it; a ConnectionError is the client's doing
   */
  constructor(maxReceivedBytes: number, onProblem: (error: unknown) => void) {
    this.#maxReceivedBytes = maxReceivedBytes;
    this.#onProblem = onProblem;
  }

  /** Offers a method whose client sends one message. @param path `/service/method` */
  answerOne(path: string, answer: AnswerOne): void {
    this.#methods.set(path, (call) => oneRequest(call, path, answer));
  }

  /** Offers a method whose client may send many messages. @param path `/service/method` */
  answerMany(path: string, answer: AnswerMany): void {
    this.#methods.set(path, answer);
  }

  /**
   * Listens at one more place.
   * @returns the port; 0 for a socket's path
   * @throws the system's error
   */
  listen(where: ListenOptions, tls?: ServerTls): Promise<number> {
    const server =
      tls === undefined ? createServer((socket) => this.#onConnection(socket)) : this.#createTlsServer(tls);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(where, () => {
        server.off("error", reject);
        // A connection that cannot be accepted costs no other.
        server.on("error", () => {});
        this.#servers.add(server);
        const address = server.address();
        resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
      });
    });
  }

  /** Takes no more connections and calls. Resolves when the calls that run are answered and the connections closed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = [...this.#servers].map((server) => new Promise((resolve) => server.close(resolve)));
    for (const connection of this.#connections) {
      connection.close();
    }
    await Promise.all(closed);
  }

  /** Closes all connections at once. */
  destroy(): void {
    for (const server of this.#servers) {
      server.close();
    }
    for (const connection of [...this.#connections, ...this.#greeting]) {
      connection.destroy();
    }
  }

  #createTlsServer(tls: ServerTls): Server {
    const server = createTlsServer({ ...tls, ALPNProtocols: [ALPN] });
    server.on("connection", (socket: Socket) => {
      this.#greeting.add(socket);
      socket.on("close", () => this.#greeting.delete(socket));
    });
    server.on("secureConnection", (socket: TLSSocket) => {
      if (socket.alpnProtocol === ALPN) {
        this.#onConnection(socket);
      } else {
        socket.destroy();
      }
    });
    // A client that breaks off while TLS begins is its own trouble.
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return server;
  }

  #onConnection(socket: Socket): void {
    socket.setNoDelay(true);
    const connection: Http2Connection = new Http2Connection(socket, {
      onStream: (stream) => this.#onStream(stream),
      onProblem: this.#onProblem,
      onClose: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    if (this.#isClosing) {
      connection.close();
    }
  }

  #onStream(stream: Http2Stream): void {
    const { headers } = stream;
    if (headers[":method"] !== "POST") {
      refuse(stream, METHOD_NOT_ALLOWED);
      return;
    }
    if (!GRPC_TYPE.test(headers["content-type"] ?? "")) {
      refuse(stream, UNSUPPORTED_MEDIA_TYPE);
      return;
    }
    const call = new Http2Call(stream);
    const path = headers[":path"] ?? "";
    const method = this.#methods.get(path);
    if (method === undefined) {
      call.end({ code: status.UNIMPLEMENTED, details: `The server does not implement the method ${path}` });
      return;
    }
    call.listen(receiveRequests(call, method(call), this.#maxReceivedBytes));
  }
}

/** Answers what is no call of gRPC, once it is complete. */
function refuse(stream: Http2Stream, headers: Uint8Array): void {
  stream.listener = { onData: () => {}, onEnd: () => stream.respond(headers, true), onGone: () => {} };
}
