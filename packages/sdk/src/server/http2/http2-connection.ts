import type { Socket } from "node:net";
import { DataSender } from "./data-sender.js";
import { ConnectionError, type ErrorCode, errorCode, StreamError } from "./error-code.js";
import { type Frame, frameFlag, frameType } from "./frame.js";
import { FrameReader } from "./frame-reader.js";
import { HeaderDecoder } from "./hpack/header-decoder.js";
import { Http2Stream, type StreamOwner } from "./http2-stream.js";
import { Output } from "./output.js";
import { checkTrailers, readRequestHeaders } from "./request-headers.js";
import {
  CONNECTION_RECEIVE_WINDOW,
  DEFAULT_FRAME_BYTES,
  DEFAULT_WINDOW,
  MAX_HEADER_BYTES,
  MAX_WINDOW,
  RECEIVE_WINDOW,
  readSettings,
  serverSettings,
} from "./settings.js";

/** The longest block of headers as it comes, in bytes. */
const MAX_BLOCK_BYTES = 256 * 1024;

/** A client that asks and asks, and takes no answer, is given up when so many bytes wait for it. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** So many streams are kept in mind whose request goes on though they have ended. */
const MAX_ABANDONED = 1_000;

/** How long a client that broke the rules may take to read why it is hung up on, in ms. */
const LAST_WORDS_MS = 1_000;

/** A block of headers of which more is to come. */
interface OpenBlock {
  readonly streamId: number;
  readonly isEnd: boolean;
  readonly parts: Buffer[];
  bytes: number;
}

/**
 * The server's side of a connection of HTTP/2. It pushes nothing and knows no priorities; it gives no numbers to headers that
 * it sends. Source: https://www.rfc-editor.org/rfc/rfc9113
 */
export class Http2Connection implements StreamOwner {
  readonly sender: DataSender;
  readonly #socket: Socket;
  readonly #output: Output;
  readonly #onStream: (stream: Http2Stream) => void;
  readonly #onClose: () => void;
  readonly #frames = new FrameReader((frame) => this.#onFrame(frame));
  readonly #headers = new HeaderDecoder(MAX_HEADER_BYTES);
  readonly #streams = new Map<number, Http2Stream>();
  /** Streams that ended here while their request went on: what still comes of it is passed over. */
  readonly #abandoned = new Set<number>();
  #lastId = 0;
  #block: OpenBlock | undefined;
  #hasSettings = false;
  #initialWindow = DEFAULT_WINDOW;
  #maxFrameBytes = DEFAULT_FRAME_BYTES;
  /** Came since the client was told that it may send more, of all streams, in bytes. */
  #received = 0;
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
    this.sender = new DataSender(this.#output, (stream, block) => {
      this.sendHeaders(stream, block, true);
      this.answered(stream);
    });
    this.#send(frameType.SETTINGS, 0, 0, serverSettings());
    this.#send(frameType.WINDOW_UPDATE, 0, 0, number32(CONNECTION_RECEIVE_WINDOW - DEFAULT_WINDOW));
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
    this.#goAway(errorCode.NO_ERROR, "");
    this.#endWhenIdle();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
    this.#onGone();
  }

  sendHeaders({ id }: Http2Stream, block: Uint8Array, isEnd: boolean): void {
    const most = this.#maxFrameBytes;
    for (let at = 0; at === 0 || at < block.length; at += most) {
      const part = block.length <= most ? block : block.subarray(at, at + most);
      const type = at === 0 ? frameType.HEADERS : frameType.CONTINUATION;
      const flags =
        (isEnd && at === 0 ? frameFlag.END_STREAM : 0) | (at + most >= block.length ? frameFlag.END_HEADERS : 0);
      this.#send(type, flags, id, part);
    }
  }

  reset(stream: Http2Stream, code: ErrorCode): void {
    this.#send(frameType.RST_STREAM, 0, stream.id, number32(code));
    if (!stream.hasEnded) {
      this.#abandon(stream.id);
    }
    this.#remove(stream);
  }

  answered(stream: Http2Stream): void {
    if (stream.hasEnded) {
      this.#remove(stream);
    } else {
      // The rest of the request is not wanted.
      this.reset(stream, errorCode.NO_ERROR);
    }
  }

  #onData(piece: Buffer): void {
    if (this.#isGone) {
      return;
    }
    try {
      this.#frames.push(piece);
    } catch (error) {
      this.#fail(error);
    }
  }

  #onFrame(frame: Frame): void {
    if (!this.#hasSettings && frame.type !== frameType.SETTINGS) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "the client does not begin with its settings");
    }
    if (this.#block !== undefined && frame.type !== frameType.CONTINUATION) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a block of headers does not go on");
    }
    try {
      this.#read(frame);
    } catch (error) {
      if (!(error instanceof StreamError)) {
        throw error;
      }
      this.#breakOff(frame.streamId, error.code);
    }
  }

  #read(frame: Frame): void {
    switch (frame.type) {
      case frameType.DATA:
        this.#readData(frame);
        break;
      case frameType.HEADERS:
        this.#readHeaders(frame);
        break;
      case frameType.CONTINUATION:
        this.#readContinuation(frame);
        break;
      case frameType.PRIORITY:
        this.#readPriority(frame);
        break;
      case frameType.RST_STREAM:
        this.#readReset(frame);
        break;
      case frameType.SETTINGS:
        this.#readSettings(frame);
        break;
      case frameType.PING:
        this.#readPing(frame);
        break;
      case frameType.WINDOW_UPDATE:
        this.#readWindowUpdate(frame);
        break;
      case frameType.PUSH_PROMISE:
        throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a client must not push");
      case frameType.GOAWAY:
        ofConnection(frame);
        break;
      default:
      // What is not known is passed over.
    }
  }

  #readData(frame: Frame): void {
    const stream = this.#find(frame);
    const bytes = frame.end - frame.start;
    this.#received += bytes;
    if (this.#received > CONNECTION_RECEIVE_WINDOW) {
      throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "more data than the connection's window");
    }
    if (this.#received > CONNECTION_RECEIVE_WINDOW / 2) {
      this.#send(frameType.WINDOW_UPDATE, 0, 0, number32(this.#received));
      this.#received = 0;
    }
    const [start, end] = withoutPadding(frame);
    const isEnd = (frame.flags & frameFlag.END_STREAM) !== 0;
    if (stream === undefined) {
      this.#passOver(frame.streamId, isEnd);
      return;
    }
    if (stream.hasEnded) {
      throw new StreamError(errorCode.STREAM_CLOSED, "data behind the end of a request");
    }
    stream.received += bytes;
    if (stream.received > RECEIVE_WINDOW) {
      throw new StreamError(errorCode.FLOW_CONTROL_ERROR, "more data than the stream's window");
    }
    if (stream.received > RECEIVE_WINDOW / 2 && !isEnd) {
      this.#send(frameType.WINDOW_UPDATE, 0, stream.id, number32(stream.received));
      stream.received = 0;
    }
    if (stream.expected !== undefined) {
      stream.expected -= end - start;
    }
    if (end > start) {
      stream.listener?.onData(frame.bytes.subarray(start, end));
    }
    if (isEnd) {
      this.#endRequest(stream);
    }
  }

  #readHeaders(frame: Frame): void {
    const [start, end] = withoutPadding(frame);
    const hasPriority = (frame.flags & frameFlag.PRIORITY) !== 0;
    const from = hasPriority ? start + PRIORITY_BYTES : start;
    if (from > end) {
      throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, "headers that are too short");
    }
    ofStream(frame);
    const block: OpenBlock = {
      streamId: frame.streamId,
      isEnd: (frame.flags & frameFlag.END_STREAM) !== 0,
      parts: [],
      bytes: 0,
    };
    const dependsOnItself = hasPriority && (frame.bytes.readUInt32BE(start) & 0x7fff_ffff) === frame.streamId;
    this.#addToBlock(block, frame, from, end);
    if (dependsOnItself) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
  }

  #readContinuation(frame: Frame): void {
    const block = this.#block;
    if (block === undefined || block.streamId !== frame.streamId) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "there is no block of headers to go on with");
    }
    this.#addToBlock(block, frame, frame.start, frame.end);
  }

  #addToBlock(block: OpenBlock, { bytes, flags }: Frame, start: number, end: number): void {
    const isComplete = (flags & frameFlag.END_HEADERS) !== 0;
    this.#block = isComplete ? undefined : block;
    if (isComplete && block.parts.length === 0) {
      this.#onHeaders(block, bytes, start, end);
      return;
    }
    block.parts.push(bytes.subarray(start, end));
    block.bytes += end - start;
    if (block.bytes > MAX_BLOCK_BYTES) {
      throw new ConnectionError(errorCode.ENHANCE_YOUR_CALM, `headers of more than ${MAX_BLOCK_BYTES} bytes`);
    }
    if (isComplete) {
      const whole = Buffer.concat(block.parts, block.bytes);
      this.#onHeaders(block, whole, 0, whole.length);
    }
  }

  #onHeaders({ streamId, isEnd }: OpenBlock, bytes: Buffer, start: number, end: number): void {
    // Always read, since later blocks may be made of what this one said.
    const fields = this.#headers.decode(bytes, start, end);
    const known = this.#streams.get(streamId);
    if (known !== undefined) {
      if (known.hasEnded) {
        throw new StreamError(errorCode.STREAM_CLOSED, "headers behind the end of a request");
      }
      if (!isEnd) {
        throw new StreamError(errorCode.PROTOCOL_ERROR, "headers within a request");
      }
      checkTrailers(fields);
      this.#endRequest(known);
      return;
    }
    if (streamId <= this.#lastId) {
      if (!this.#abandoned.has(streamId)) {
        throw new ConnectionError(errorCode.STREAM_CLOSED, `stream ${streamId} has ended, or was passed over`);
      }
      this.#passOver(streamId, isEnd);
      return;
    }
    if (streamId % 2 === 0) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, `a client's stream has the number ${streamId}`);
    }
    if (this.#isClosing) {
      // The client was told, and asks elsewhere.
      this.#send(frameType.RST_STREAM, 0, streamId, number32(errorCode.REFUSED_STREAM));
      return;
    }
    this.#lastId = streamId;
    if (!isEnd) {
      this.#abandon(streamId);
    }
    const headers = readRequestHeaders(fields);
    this.#abandoned.delete(streamId);
    const stream = new Http2Stream(this, streamId, headers, this.#initialWindow);
    const length = headers["content-length"];
    if (length !== undefined) {
      stream.expected = Number(length);
    }
    this.#streams.set(streamId, stream);
    this.#onStream(stream);
    if (isEnd) {
      this.#endRequest(stream);
    }
  }

  #endRequest(stream: Http2Stream): void {
    if (stream.expected !== undefined && stream.expected !== 0) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "a request is not as long as its content-length says");
    }
    stream.hasEnded = true;
    this.#abandoned.delete(stream.id);
    stream.listener?.onEnd();
  }

  /** Has what still comes of a request passed over. A client that ends none of them is answered with resets at some time. */
  #abandon(streamId: number): void {
    this.#abandoned.add(streamId);
    const [oldest = streamId] = this.#abandoned;
    if (this.#abandoned.size > MAX_ABANDONED) {
      this.#abandoned.delete(oldest);
    }
  }

  /** Passes over what comes for a stream that is no more. @throws StreamError where the client ended it itself */
  #passOver(streamId: number, isEnd: boolean): void {
    if (!this.#abandoned.has(streamId)) {
      throw new StreamError(errorCode.STREAM_CLOSED, "the stream is closed");
    }
    if (isEnd) {
      this.#abandoned.delete(streamId);
    }
  }

  #readPriority(frame: Frame): void {
    ofStream(frame);
    if (frame.end - frame.start !== PRIORITY_BYTES) {
      throw new StreamError(errorCode.FRAME_SIZE_ERROR, "a priority of another length");
    }
    if ((frame.bytes.readUInt32BE(frame.start) & 0x7fff_ffff) === frame.streamId) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
  }

  #readReset(frame: Frame): void {
    ofLength(frame, 4);
    const stream = this.#find(frame);
    this.#abandoned.delete(frame.streamId);
    if (stream !== undefined) {
      this.#remove(stream);
      stream.listener?.onGone();
    }
  }

  #readSettings(frame: Frame): void {
    ofConnection(frame);
    if ((frame.flags & frameFlag.ACK) !== 0) {
      ofLength(frame, 0);
      return;
    }
    const { initialWindow, maxFrameBytes } = readSettings(frame.bytes.subarray(frame.start, frame.end));
    this.#hasSettings = true;
    if (maxFrameBytes !== undefined) {
      this.#maxFrameBytes = maxFrameBytes;
      this.sender.maxFrameBytes = maxFrameBytes;
    }
    this.#send(frameType.SETTINGS, frameFlag.ACK, 0, EMPTY);
    if (initialWindow !== undefined) {
      const more = initialWindow - this.#initialWindow;
      this.#initialWindow = initialWindow;
      for (const stream of this.#streams.values()) {
        if (stream.window + more > MAX_WINDOW) {
          throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "a stream's window is too large");
        }
        this.sender.widenStream(stream, more);
      }
    }
  }

  #readPing(frame: Frame): void {
    ofConnection(frame);
    ofLength(frame, 8);
    if ((frame.flags & frameFlag.ACK) === 0) {
      this.#send(frameType.PING, frameFlag.ACK, 0, frame.bytes.subarray(frame.start, frame.end));
    }
  }

  #readWindowUpdate(frame: Frame): void {
    ofLength(frame, 4);
    const stream = frame.streamId === 0 ? undefined : this.#find(frame);
    const bytes = frame.bytes.readUInt32BE(frame.start) & 0x7fff_ffff;
    if (bytes === 0) {
      const problem = "a window is widened by nothing";
      throw frame.streamId === 0
        ? new ConnectionError(errorCode.PROTOCOL_ERROR, problem)
        : new StreamError(errorCode.PROTOCOL_ERROR, problem);
    }
    if (frame.streamId === 0) {
      this.sender.widen(bytes);
    } else if (stream !== undefined) {
      this.sender.widenStream(stream, bytes);
    }
  }

  /** The stream of a frame; `undefined` for one that is no more. @throws ConnectionError for one that was never begun */
  #find(frame: Frame): Http2Stream | undefined {
    ofStream(frame);
    const stream = this.#streams.get(frame.streamId);
    if (stream === undefined && (frame.streamId > this.#lastId || frame.streamId % 2 === 0)) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, `stream ${frame.streamId} has not begun`);
    }
    return stream;
  }

  #remove(stream: Http2Stream): void {
    this.#streams.delete(stream.id);
    stream.close();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (this.#isClosing && this.#streams.size === 0) {
      this.#output.send();
      this.#socket.end();
    }
  }

  /** Ends a stream because of what came on it. */
  #breakOff(streamId: number, code: ErrorCode): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      this.#send(frameType.RST_STREAM, 0, streamId, number32(code));
      return;
    }
    this.reset(stream, code);
    stream.listener?.onGone();
  }

  /** Ends the connection because of what came on it. */
  #fail(error: unknown): void {
    const isTheirs = error instanceof ConnectionError;
    this.#goAway(isTheirs ? error.code : errorCode.INTERNAL_ERROR, isTheirs ? error.message : "");
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
      this.#streams.delete(stream.id);
      stream.close();
      stream.listener?.onGone();
    }
    this.#onClose();
  }

  #goAway(code: ErrorCode, why: string): void {
    this.#send(frameType.GOAWAY, 0, 0, Buffer.concat([number32(this.#lastId), number32(code), Buffer.from(why)]));
  }

  /** Sends a frame that no window holds back. */
  #send(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    this.#output.begin(payload.length, type, flags, streamId);
    this.#output.add(payload);
    this.#output.plan();
    if (this.#output.isFull && this.#output.waitingBytes > MAX_WAITING_BYTES) {
      this.destroy();
    }
  }
}

const EMPTY = Buffer.alloc(0);

/** What a priority has, in bytes: a stream and a weight. */
const PRIORITY_BYTES = 5;

/** The payload of a frame that may be padded. */
function withoutPadding({ flags, bytes, start, end }: Frame): readonly [start: number, end: number] {
  if ((flags & frameFlag.PADDED) === 0) {
    return [start, end];
  }
  const padding = bytes[start] ?? 0;
  if (start + 1 + padding > end) {
    throw new ConnectionError(errorCode.PROTOCOL_ERROR, "more padding than there is");
  }
  return [start + 1, end - padding];
}

function ofStream({ streamId }: Frame): void {
  if (streamId === 0) {
    throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a frame that names no stream");
  }
}

function ofConnection({ streamId }: Frame): void {
  if (streamId !== 0) {
    throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a frame that must name no stream");
  }
}

function ofLength({ start, end }: Frame, bytes: number): void {
  if (end - start !== bytes) {
    throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, `a frame of ${end - start} bytes instead of ${bytes}`);
  }
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
