import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { ListenOptions } from "node:net";
import { Http2Call } from "./http2-call.js";
import { oneRequest, receiveRequests } from "./receive-requests.js";
import type { AnswerMany, AnswerOne, CallHeaders } from "./server-call.js";
import { status } from "./status.js";

/** What a server shows to its clients, and whom it lets in. */
export type ServerTls = Pick<SecureServerOptions, "cert" | "key" | "ca" | "requestCert">;

/**
 * HTTP/2's guards are against strangers; a plugin has one client, over a local socket. A host that drops a thousand calls at once
 * would lose its connection by Node's guard against rapid resets, and a large answer by that against much memory.
 */
const UNGUARDED = {
  maxSessionMemory: Number.MAX_SAFE_INTEGER,
  streamResetBurst: 1_000_000_000,
  streamResetRate: 1_000_000_000,
};

/**
 * Serves gRPC over the runtime's HTTP/2. Messages come and go as bytes.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class GrpcServer {
  readonly #maxReceivedBytes: number;
  readonly #methods = new Map<string, (call: Http2Call, stream: ServerHttp2Stream) => void>();
  readonly #servers = new Set<Http2Server>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #isClosing = false;

  /** @param maxReceivedBytes of a message; -1 for any size. A larger one is answered with RESOURCE_EXHAUSTED */
  constructor(maxReceivedBytes: number) {
    this.#maxReceivedBytes = maxReceivedBytes;
  }

  /** Offers a method whose client sends one message. @param path `/service/method` */
  answerOne(path: string, answer: AnswerOne): void {
    this.#methods.set(path, (call, stream) =>
      receiveRequests(stream, call, oneRequest(call, path, answer), this.#maxReceivedBytes),
    );
  }

  /** Offers a method whose client may send many messages. @param path `/service/method` */
  answerMany(path: string, answer: AnswerMany): void {
    this.#methods.set(path, (call, stream) => receiveRequests(stream, call, answer(call), this.#maxReceivedBytes));
  }

  /**
   * Listens at one more place.
   * @returns the port; 0 for a socket's path
   * @throws the system's error
   */
  listen(where: ListenOptions, tls?: ServerTls): Promise<number> {
    const server = tls === undefined ? createServer(UNGUARDED) : createSecureServer({ ...UNGUARDED, ...tls });
    server.on("stream", (stream: ServerHttp2Stream, headers: CallHeaders) => this.#onStream(stream, headers));
    server.on("session", (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
      if (this.#isClosing) {
        session.close();
      }
    });
    // A client that breaks off while TLS begins is its own trouble (https://github.com/nodejs/node/issues/35824).
    server.on("secureConnection", (socket: NodeJS.EventEmitter) => socket.on("error", () => {}));
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
    for (const session of this.#sessions) {
      session.close();
    }
    await Promise.all(closed);
  }

  /** Closes all connections at once, but those whose TLS has only begun: they end with it, or with the process. */
  destroy(): void {
    for (const server of this.#servers) {
      server.close();
    }
    for (const session of this.#sessions) {
      session.destroy();
    }
  }

  #onStream(stream: ServerHttp2Stream, headers: CallHeaders): void {
    if (stream.destroyed || stream.closed) {
      // The client gave it up in the same breath: there is nobody to answer.
      stream.on("error", () => {});
      stream.resume();
      return;
    }
    const type = headers["content-type"];
    if (type === undefined || !type.startsWith("application/grpc")) {
      stream.on("error", () => {});
      stream.resume();
      stream.respond({ ":status": constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
      return;
    }
    const call = new Http2Call(stream, headers);
    const path = headers[":path"] ?? "";
    const method = this.#methods.get(path);
    if (method === undefined) {
      stream.resume();
      call.end({ code: status.UNIMPLEMENTED, details: `The server does not implement the method ${path}` });
      return;
    }
    method(call, stream);
  }
}
