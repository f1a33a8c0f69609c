import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GrpcServer } from "../../src/server/grpc/grpc-server.js";
import { MessageReader } from "../../src/server/grpc/message-reader.js";

/** A server that listens, and the ways to it. */
export interface ServedGrpc extends AsyncDisposable {
  readonly server: GrpcServer;
  readonly path: string;
  /** Connects as HTTP/2. */
  connect(): ClientHttp2Session;
  /** Connects the socket alone. */
  dial(): Socket;
}

let sockets = 0;

/** Serves methods on a socket until it is disposed. */
export async function serveGrpc(offer: (server: GrpcServer) => void, maxReceivedBytes = -1): Promise<ServedGrpc> {
  const server = new GrpcServer(maxReceivedBytes, () => {});
  offer(server);
  const path = join(tmpdir(), `framewright-grpc-${process.pid}-${sockets++}`);
  await server.listen({ path });
  const open: (ClientHttp2Session | Socket)[] = [];
  function dial(): Socket {
    const socket = connect(path);
    socket.on("error", () => {});
    open.push(socket);
    return socket;
  }
  return {
    server,
    path,
    dial,
    connect() {
      const session = connectHttp2("http://localhost", { createConnection: dial });
      session.on("error", () => {});
      open.push(session);
      return session;
    },
    async [Symbol.asyncDispose]() {
      for (const one of open) {
        one.destroy();
      }
      server.destroy();
    },
  };
}

/** A message behind its prefix. */
export function framed(message: string | Uint8Array, flag = 0): Buffer {
  const bytes = Buffer.from(message);
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** Begins a call. */
export function begin(session: ClientHttp2Session, path: string, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  const request = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...headers };
  const stream = session.request(request, { endStream: false });
  stream.on("error", () => {});
  return stream;
}

/** How a call was answered. */
export interface Answered {
  readonly headers: IncomingHttpHeaders;
  readonly messages: readonly Buffer[];
  /** The status, whether it came behind messages or alone. */
  readonly code: string | undefined;
  readonly details: string;
  /** With what the stream was closed. */
  readonly rstCode: number | undefined;
}

/** Reads what a call is answered with. */
export async function answerTo(stream: ClientHttp2Stream): Promise<Answered> {
  const reader = new MessageReader(-1);
  const messages: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on("response", (came) => {
    headers = came;
  });
  stream.on("trailers", (came: IncomingHttpHeaders) => {
    trailers = came;
  });
  stream.on("data", (piece: Buffer) => {
    messages.push(...reader.push(piece).map(({ bytes }) => bytes));
  });
  await once(stream, "close");
  const all = { ...headers, ...trailers };
  const { rstCode } = stream;
  return {
    headers,
    messages,
    code: all["grpc-status"]?.toString(),
    details: decodeURIComponent(all["grpc-message"]?.toString() ?? ""),
    rstCode,
  };
}

/** Asks a method with these bytes, and reads the answer. */
export function ask(
  session: ClientHttp2Session,
  path: string,
  body: Uint8Array = framed(""),
  headers: OutgoingHttpHeaders = {},
): Promise<Answered> {
  const stream = begin(session, path, headers);
  stream.end(body);
  return answerTo(stream);
}

/** A header of HTTP/2 as HPACK has it where nothing is indexed or compressed. */
function literalHeader(name: string, value: string): Buffer {
  const text = (from: string): Buffer => Buffer.concat([Buffer.from([from.length]), Buffer.from(from, "latin1")]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

/** A frame of HTTP/2. Source: https://www.rfc-editor.org/rfc/rfc9113#section-4.1 */
function rawFrame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What begins a connection of HTTP/2. */
export const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  rawFrame(4, 0, 0, Buffer.alloc(0)),
]);

/** The headers of a request. @param short names of at most 127 characters, values too */
export function rawHeaders(stream: number, short: Readonly<Record<string, string>>, isEnd = false): Buffer {
  const block = Object.entries(short).map(([name, value]) => literalHeader(name, value));
  return rawFrame(1, isEnd ? 5 : 4, stream, Buffer.concat(block));
}

/** A piece of a request. */
export function rawData(stream: number, bytes: Uint8Array, isEnd = false): Buffer {
  return rawFrame(0, isEnd ? 1 : 0, stream, Buffer.from(bytes));
}

/** The end of a stream, before its time. */
export function rawReset(stream: number, code: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return rawFrame(3, 0, stream, payload);
}
