import type { Socket } from "node:net";
import { DataSender } from "./data-sender.js";
import { ConnectionError, type ErrorCode, errorCode, StreamError } from "./error-code.js";
import { type Frame, frameFlag, frameType } from "./frame.js";
import { checkLength, checkOfConnection, checkOfStream, withoutPadding } from "./frame-checks.js";
import { FrameReader } from "./frame-reader.js";
import { FrameWriter } from "./frame-writer.js";
import { type HeaderBlock, HeaderBlocks } from "./header-blocks.js";
import { Http2Stream, type StreamOwner } from "./http2-stream.js";
import { Output } from "./output.js";
import { checkPriority, dependsOnItself } from "./priority.js";
import { ReceiveWindow } from "./receive-window.js";
import { checkTrailers, readRequestHeaders } from "./request-headers.js";
import { CONNECTION_RECEIVE_WINDOW, DEFAULT_WINDOW, readSettings } from "./settings.js";
import { StreamTable } from "./stream-table.js";

/** A client that asks and asks, and takes no answer, is given up when so many bytes wait for it. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** How long a client that broke the rules may take to read why it is hung up on, in ms. */
const LAST_WORDS_MS = 1_000;

/**
 * The server's side of a connection of HTTP/2. It pushes nothing and knows no priorities; it gives no numbers to headers that
 * it sends. Source: https://www.rfc-editor.org/rfc/rfc9113
 */
export class Http2Connection implements StreamOwner {
  readonly sender: DataSender;
  readonly #socket: Socket;
  readonly #output: Output;
  readonly #writer: FrameWriter;
  readonly #onStream: (stream: Http2Stream) => void;
  readonly #onClose: () => void;
  readonly #reader = new FrameReader((frame) => this.#onFrame(frame));
  readonly #blocks = new HeaderBlocks();
  readonly #window = new ReceiveWindow(CONNECTION_RECEIVE_WINDOW);
  readonly #streams = new StreamTable();
  /** What reads a frame, by its type. What has another type is passed over. */
  readonly #readers: Readonly<Record<number, (frame: Frame) => void>> = {
    [frameType.DATA]: (frame) => this.#readData(frame),
    [frameType.HEADERS]: (frame) => this.#readHeaders(frame),
    [frameType.CONTINUATION]: (frame) => this.#onHeaders(this.#blocks.goOn(frame)),
    [frameType.PRIORITY]: checkPriority,
    [frameType.RST_STREAM]: (frame) => this.#readReset(frame),
    [frameType.SETTINGS]: (frame) => this.#readSettings(frame),
    [frameType.PUSH_PROMISE]: refusePush,
    [frameType.PING]: (frame) => this.#readPing(frame),
    [frameType.GOAWAY]: checkOfConnection,
    [frameType.WINDOW_UPDATE]: (frame) => this.#readWindowUpdate(frame),
  };
  #hasSettings = false;
  #initialWindow = DEFAULT_WINDOW;
  #isClosing = false;
  /** Whether the connection is lost or given up: nothing is read any more. */
  #isGone = false;

  /**
   * @param onStream gets each stream when its headers have come
   * @param onClose called when the connection is gone
   */
  constructor(socket: Socket, onStream: (stream: Http2Stream) => void, onClose: () => void) {
    this.#socket = socket;
    this.#onStream = onStream;
    this.#onClose = onClose;
    this.#output = new Output(socket, () => this.sender.run());
    this.#writer = new FrameWriter(this.#output);
    this.sender = new DataSender(this.#output, (stream, block) => this.respond(stream, block, true));
    this.#writer.settings();
    this.#writer.windowUpdate(0, CONNECTION_RECEIVE_WINDOW - DEFAULT_WINDOW);
    socket.on("data", (piece: Buffer) => this.#onData(piece));
    socket.on("error", () => {});
    socket.on("end", () => this.#onGone());
    socket.on("close", () => this.#onGone());
  }

  /** Takes no more streams, and ends the connection when those that run are done. */
  close(): void {
    if (this.#isClosing || this.#isGone) {
      return;
    }
    this.#isClosing = true;
    this.#streams.takeNoMore();
    this.#writer.goAway(this.#streams.lastTakenId, errorCode.NO_ERROR, "");
    this.#endWhenIdle();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
    this.#onGone();
  }

  respond(stream: Http2Stream, block: Uint8Array, isEnd: boolean): void {
    this.#writer.headers(stream.id, block, isEnd);
    if (!isEnd) {
      return;
    }
    if (stream.hasEnded) {
      this.#remove(stream);
    } else {
      // The rest of the request is not wanted.
      this.reset(stream, errorCode.NO_ERROR);
    }
  }

  reset(stream: Http2Stream, code: ErrorCode): void {
    this.#writer.reset(stream.id, code);
    if (!stream.hasEnded) {
      this.#streams.abandon(stream.id);
    }
    this.#remove(stream);
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
      this.destroy();
    }
  }

  #onFrame(frame: Frame): void {
    if (!this.#hasSettings && frame.type !== frameType.SETTINGS) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "the client does not begin with its settings");
    }
    if (this.#blocks.isOpen && frame.type !== frameType.CONTINUATION) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a block of headers does not go on");
    }
    try {
      this.#readers[frame.type]?.(frame);
    } catch (error) {
      if (!(error instanceof StreamError)) {
        throw error;
      }
      this.#breakOff(frame.streamId, error.code);
    }
  }

  #readData(frame: Frame): void {
    const stream = this.#streams.find(frame);
    const bytes = frame.end - frame.start;
    if (!this.#window.take(bytes)) {
      throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "more data than the connection's window");
    }
    this.#widen(0, this.#window);
    const [start, end] = withoutPadding(frame);
    const isEnd = (frame.flags & frameFlag.END_STREAM) !== 0;
    if (stream === undefined) {
      this.#streams.passOver(frame.streamId, isEnd);
      return;
    }
    stream.receive(bytes, frame.bytes.subarray(start, end));
    if (isEnd) {
      this.#endRequest(stream);
    } else if (!stream.isClosed) {
      this.#widen(stream.id, stream.receiveWindow);
    }
  }

  #widen(streamId: number, window: ReceiveWindow): void {
    const more = window.widen();
    if (more > 0) {
      this.#writer.windowUpdate(streamId, more);
    }
  }

  #readHeaders(frame: Frame): void {
    checkOfStream(frame);
    this.#onHeaders(this.#blocks.begin(frame));
  }

  #onHeaders(block: HeaderBlock | undefined): void {
    if (block === undefined) {
      return;
    }
    const stream = this.#streams.get(block.streamId);
    if (stream !== undefined) {
      this.#onTrailers(stream, block);
    } else if (block.streamId > this.#streams.lastId) {
      this.#begin(block);
    } else if (this.#streams.isAbandoned(block.streamId)) {
      this.#streams.passOver(block.streamId, block.isEnd);
    } else {
      const problem = `stream ${block.streamId} has ended, or was passed over`;
      throw new ConnectionError(errorCode.STREAM_CLOSED, problem);
    }
  }

  #begin({ streamId, isEnd, isOfItself, fields }: HeaderBlock): void {
    this.#streams.begin(streamId);
    if (!isEnd) {
      // Until it turns out to be a request.
      this.#streams.abandon(streamId);
    }
    if (this.#isClosing) {
      // The client was told, and asks elsewhere; what it sent of the request before it knew is passed over.
      this.#writer.reset(streamId, errorCode.REFUSED_STREAM);
      return;
    }
    if (isOfItself) {
      throw dependsOnItself();
    }
    const stream = new Http2Stream(this, streamId, readRequestHeaders(fields), this.#initialWindow);
    this.#streams.requestEnded(streamId);
    this.#streams.add(stream);
    this.#onStream(stream);
    if (isEnd) {
      this.#endRequest(stream);
    }
  }

  #onTrailers(stream: Http2Stream, { isEnd, isOfItself, fields }: HeaderBlock): void {
    if (stream.hasEnded) {
      throw new StreamError(errorCode.STREAM_CLOSED, "headers behind the end of a request");
    }
    if (!isEnd) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "headers within a request");
    }
    if (isOfItself) {
      throw dependsOnItself();
    }
    checkTrailers(fields);
    this.#endRequest(stream);
  }

  #endRequest(stream: Http2Stream): void {
    // It may have been answered meanwhile.
    this.#streams.requestEnded(stream.id);
    if (!stream.isClosed) {
      stream.endRequest();
    }
  }

  #readReset(frame: Frame): void {
    checkLength(frame, 4);
    const stream = this.#streams.find(frame);
    this.#streams.requestEnded(frame.streamId);
    if (stream !== undefined) {
      this.#remove(stream);
      stream.listener?.onGone();
    }
  }

  #readSettings(frame: Frame): void {
    checkOfConnection(frame);
    if ((frame.flags & frameFlag.ACK) !== 0) {
      checkLength(frame, 0);
      return;
    }
    const { initialWindow, maxFrameBytes } = readSettings(frame.bytes.subarray(frame.start, frame.end));
    this.#hasSettings = true;
    if (maxFrameBytes !== undefined) {
      this.#writer.maxFrameBytes = maxFrameBytes;
      this.sender.maxFrameBytes = maxFrameBytes;
    }
    this.#writer.settingsTaken();
    if (initialWindow !== undefined) {
      const more = initialWindow - this.#initialWindow;
      this.#initialWindow = initialWindow;
      for (const stream of this.#streams.values()) {
        if (!this.sender.widenStream(stream, more)) {
          throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "a stream's window is too large");
        }
      }
    }
  }

  #readPing(frame: Frame): void {
    checkOfConnection(frame);
    checkLength(frame, 8);
    if ((frame.flags & frameFlag.ACK) === 0) {
      this.#writer.pong(frame.bytes.subarray(frame.start, frame.end));
    }
  }

  #readWindowUpdate(frame: Frame): void {
    checkLength(frame, 4);
    const ofConnection = frame.streamId === 0;
    const stream = ofConnection ? undefined : this.#streams.find(frame);
    const bytes = frame.bytes.readUInt32BE(frame.start) & 0x7fff_ffff;
    const Problem = ofConnection ? ConnectionError : StreamError;
    if (bytes === 0) {
      throw new Problem(errorCode.PROTOCOL_ERROR, "a window is widened by nothing");
    }
    const fits = ofConnection
      ? this.sender.widen(bytes)
      : stream === undefined || this.sender.widenStream(stream, bytes);
    if (!fits) {
      throw new Problem(errorCode.FLOW_CONTROL_ERROR, "a window is too large");
    }
  }

  #remove(stream: Http2Stream): void {
    this.#streams.delete(stream);
    stream.close();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (this.#isClosing && this.#streams.isEmpty) {
      this.#output.send();
      this.#socket.end();
    }
  }

  /** Ends a stream because of what came on it. */
  #breakOff(streamId: number, code: ErrorCode): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      this.#writer.reset(streamId, code);
      return;
    }
    this.reset(stream, code);
    stream.listener?.onGone();
  }

  /** Ends the connection because of what came on it. */
  #fail(error: unknown): void {
    const isTheirs = error instanceof ConnectionError;
    const code = isTheirs ? error.code : errorCode.INTERNAL_ERROR;
    this.#writer.goAway(this.#streams.lastTakenId, code, isTheirs ? error.message : "");
    this.#output.send();
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LAST_WORDS_MS).unref();
    this.#onGone();
  }

  #onGone(): void {
    if (this.#isGone) {
      return;
    }
    this.#isGone = true;
    for (const stream of [...this.#streams.values()]) {
      this.#streams.delete(stream);
      stream.close();
      stream.listener?.onGone();
    }
    this.#onClose();
  }
}

function refusePush(): never {
  throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a client must not push");
}
