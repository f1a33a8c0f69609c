import type { Socket } from "node:net";
import { DataSender } from "./data-sender.js";
import { ConnectionError, type ErrorCode, errorCode, StreamError } from "./error-code.js";
import { FrameReader } from "./frame-reader.js";
import { FrameWriter } from "./frame-writer.js";
import type { HeaderBlock } from "./header-blocks.js";
import { Http2Stream, type StreamOwner } from "./http2-stream.js";
import { type FrameTarget, IncomingFrames } from "./incoming-frames.js";
import { Output } from "./output.js";
import { circularDependency } from "./priority.js";
import { readRequestHeaders } from "./request-headers.js";
import { CONNECTION_RECEIVE_WINDOW, DEFAULT_WINDOW } from "./settings.js";
import { StreamTable } from "./stream-table.js";

/** A client that asks and asks, and reads nothing, is given up when so many bytes of headers and acknowledgements wait for it. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** How long a client may take to read the last that is sent to it, in ms, before the socket is closed all the same. */
const LAST_WORDS_MS = 1_000;

/** Who wants to know of a connection. */
export interface ConnectionListener {
  /** A request's headers have come. Its {@link Http2Stream.listener} is to be set before this returns. */
  onStream(stream: Http2Stream): void;
  /** The connection ends, or a call on it, for a reason that is nobody's wish. @param error a ConnectionError where the client is to blame */
  onProblem(error: unknown): void;
  /** The socket is closed. */
  onClose(): void;
}

/**
 * The server's side of a connection of HTTP/2. It pushes nothing and knows no priorities; it gives no numbers to headers that
 * it sends. Source: https://www.rfc-editor.org/rfc/rfc9113
 */
export class Http2Connection implements StreamOwner, FrameTarget {
  readonly sender: DataSender;
  readonly streams = new StreamTable();
  readonly writer: FrameWriter;
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #output: Output;
  readonly #reader: FrameReader;
  /** Whether no more streams are taken. */
  #isClosing = false;
  /** Whether the connection is lost or given up: nothing is read or answered any more. */
  #isGone = false;

  constructor(socket: Socket, listener: ConnectionListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#output = new Output(socket, () => this.sender.run());
    this.writer = new FrameWriter(this.#output);
    this.sender = new DataSender(this.#output, {
      onTrailers: (stream, block) => this.sendHeaders(stream, block, true),
      // Half a frame may be written: nothing that makes sense can follow it.
      onProblem: (error) => this.destroy(error),
    });
    const frames = new IncomingFrames(this);
    this.#reader = new FrameReader((frame) => frames.read(frame));
    this.writer.settings();
    this.writer.windowUpdate(0, CONNECTION_RECEIVE_WINDOW - DEFAULT_WINDOW);
    socket.on("data", (piece: Buffer) => this.#onData(piece));
    socket.on("error", () => {});
    socket.on("end", () => this.#end());
    socket.on("close", () => {
      this.#dropStreams();
      listener.onClose();
    });
  }

  /** Takes no more streams, and ends the connection when those that run are done. */
  close(): void {
    if (!this.#isClosing && !this.#isGone) {
      this.#isClosing = true;
      this.streams.takeNoMore();
      this.writer.goAway(this.streams.lastTakenId, errorCode.NO_ERROR, "");
      this.#endWhenIdle();
    }
  }

  /** Ends the connection at once. @param problem why, where that is nobody's wish */
  destroy(problem?: unknown): void {
    if (problem !== undefined) {
      this.#listener.onProblem(problem);
    }
    this.#socket.destroy();
    this.#dropStreams();
  }

  sendHeaders(stream: Http2Stream, block: Uint8Array, isEnd: boolean): void {
    this.writer.headers(stream.id, block, isEnd);
    if (!isEnd) {
      return;
    }
    if (stream.isRequestComplete) {
      this.#remove(stream);
    } else {
      // The rest of the request is not wanted.
      this.reset(stream, errorCode.NO_ERROR);
    }
  }

  reset(stream: Http2Stream, code: ErrorCode): void {
    this.writer.reset(stream.id, code);
    if (!stream.isRequestComplete) {
      this.streams.abandon(stream.id);
    }
    this.#remove(stream);
  }

  accept({ streamId, isEnd, dependsOnItself, fields }: HeaderBlock, window: number): void {
    this.streams.begin(streamId);
    if (this.#isClosing) {
      // The client was told, and asks elsewhere.
      this.breakOff(streamId, errorCode.REFUSED_STREAM);
      return;
    }
    if (dependsOnItself) {
      throw circularDependency();
    }
    const stream = new Http2Stream(this, streamId, readRequestHeaders(fields), window);
    stream.isRequestComplete = isEnd;
    this.streams.add(stream);
    try {
      this.#listener.onStream(stream);
    } catch (error) {
      // One call costs no other.
      this.#listener.onProblem(error);
      throw new StreamError(errorCode.INTERNAL_ERROR, "the request could not be taken");
    }
    if (isEnd) {
      this.complete(stream);
    }
  }

  complete(stream: Http2Stream): void {
    // It may have been answered before, and its end have been waited for.
    this.streams.forget(stream.id);
    if (!stream.isDone) {
      stream.complete();
    }
  }

  breakOff(streamId: number, code: ErrorCode): void {
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      // What still comes of it is passed over.
      this.streams.abandon(streamId);
      this.writer.reset(streamId, code);
      return;
    }
    this.reset(stream, code);
    stream.listener?.onGone();
  }

  giveUp(stream: Http2Stream): void {
    this.#remove(stream);
    stream.listener?.onGone();
  }

  leave(code: number): void {
    if (code === errorCode.NO_ERROR) {
      this.close();
    } else {
      this.destroy(new ConnectionError(errorCode.NO_ERROR, `the client ended the connection with the error ${code}`));
    }
  }

  #onData(piece: Buffer): void {
    if (this.#isGone) {
      return;
    }
    try {
      this.#reader.push(piece);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#output.isFull && this.#output.waitingBytes > MAX_WAITING_BYTES) {
      this.destroy(new ConnectionError(errorCode.ENHANCE_YOUR_CALM, "the client asks, and does not read"));
    }
  }

  /** Ends the connection because of what came on it. */
  #fail(error: unknown): void {
    this.#listener.onProblem(error);
    const isTheirs = error instanceof ConnectionError;
    const code = isTheirs ? error.code : errorCode.INTERNAL_ERROR;
    this.writer.goAway(this.streams.lastTakenId, code, isTheirs ? error.message : "");
    this.#end();
  }

  #remove(stream: Http2Stream): void {
    this.streams.delete(stream);
    stream.close();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (this.#isClosing && !this.#isGone && this.streams.isEmpty) {
      this.#output.send();
      this.#socket.end();
    }
  }

  /** Sends what is written, and closes the socket when the client has read it, or does not. */
  #end(): void {
    this.#dropStreams();
    this.#output.send();
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), LAST_WORDS_MS).unref();
    this.#socket.once("close", () => clearTimeout(timer));
  }

  /** Nothing is answered any more. */
  #dropStreams(): void {
    this.#isGone = true;
    for (const stream of [...this.streams.values()]) {
      this.streams.delete(stream);
      stream.close();
      stream.listener?.onGone();
    }
  }
}
