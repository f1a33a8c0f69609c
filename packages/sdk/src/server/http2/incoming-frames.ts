import type { DataSender } from "./data-sender.js";
import { ConnectionError, type ErrorCode, errorCode, StreamError } from "./error-code.js";
import { type Frame, frameFlag, frameType } from "./frame.js";
import { checkLength, checkOfConnection, checkOfStream, withoutPadding } from "./frame-checks.js";
import type { FrameWriter } from "./frame-writer.js";
import { type HeaderBlock, HeaderBlocks } from "./header-blocks.js";
import type { Http2Stream } from "./http2-stream.js";
import { checkPriority, circularDependency } from "./priority.js";
import { ReceiveWindow } from "./receive-window.js";
import { checkTrailers } from "./request-headers.js";
import { CONNECTION_RECEIVE_WINDOW, DEFAULT_WINDOW, readSettings } from "./settings.js";
import type { StreamTable } from "./stream-table.js";

/** What a connection does about the frames that come on it. */
export interface FrameTarget {
  readonly streams: StreamTable;
  readonly writer: FrameWriter;
  readonly sender: DataSender;
  /** Takes a request whose headers have come. @throws StreamError */
  accept(block: HeaderBlock, window: number): void;
  /** The request of a stream is complete. @throws StreamError */
  complete(stream: Http2Stream): void;
  /** Ends a stream because of what came on it. */
  breakOff(streamId: number, code: ErrorCode): void;
  /** The client gave a stream up. */
  giveUp(stream: Http2Stream): void;
  /** The client sends no more requests. @param code why */
  leave(code: number): void;
}

/** Reads what a client sends, frame by frame. Source: https://www.rfc-editor.org/rfc/rfc9113#section-6 */
export class IncomingFrames {
  readonly #target: FrameTarget;
  readonly #streams: StreamTable;
  readonly #writer: FrameWriter;
  readonly #blocks = new HeaderBlocks();
  readonly #window = new ReceiveWindow(CONNECTION_RECEIVE_WINDOW);
  #hasSettings = false;
  /** The window that a stream begins with, in bytes. */
  #initialWindow = DEFAULT_WINDOW;
  /** What reads a frame, by its type. What has another type is passed over. */
  readonly #readers: Readonly<Record<number, (frame: Frame) => void>> = {
    [frameType.DATA]: (frame) => this.#readData(frame),
    [frameType.HEADERS]: (frame) => this.#readHeaders(frame),
    [frameType.CONTINUATION]: (frame) => this.#onHeaders(this.#blocks.continueWith(frame)),
    [frameType.PRIORITY]: checkPriority,
    [frameType.RST_STREAM]: (frame) => this.#readReset(frame),
    [frameType.SETTINGS]: (frame) => this.#readSettings(frame),
    [frameType.PUSH_PROMISE]: refusePush,
    [frameType.PING]: (frame) => this.#readPing(frame),
    [frameType.GOAWAY]: (frame) => this.#readGoAway(frame),
    [frameType.WINDOW_UPDATE]: (frame) =>
      frame.streamId === 0 ? this.#readWindowUpdate(frame) : this.#readStreamWindowUpdate(frame),
  };

  constructor(target: FrameTarget) {
    this.#target = target;
    this.#streams = target.streams;
    this.#writer = target.writer;
  }

  /** Reads a frame. @throws ConnectionError */
  read(frame: Frame): void {
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
      this.#target.breakOff(frame.streamId, error.code);
    }
  }

  #readData(frame: Frame): void {
    const stream = this.#streams.find(frame);
    const bytes = frame.end - frame.start;
    if (!this.#window.take(bytes)) {
      throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "more data than the connection's window");
    }
    this.#sendWindowUpdate(0, this.#window);
    const [start, end] = withoutPadding(frame);
    const isEnd = (frame.flags & frameFlag.END_STREAM) !== 0;
    if (stream === undefined) {
      this.#streams.passOver(frame.streamId, isEnd);
      return;
    }
    stream.receive(bytes, frame.bytes.subarray(start, end));
    if (isEnd) {
      this.#target.complete(stream);
    } else if (!stream.isDone) {
      this.#sendWindowUpdate(stream.id, stream.receiveWindow);
    }
  }

  #sendWindowUpdate(streamId: number, window: ReceiveWindow): void {
    const more = window.takeUpdate();
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
      this.#target.accept(block, this.#initialWindow);
    } else if (this.#streams.isAbandoned(block.streamId)) {
      this.#streams.passOver(block.streamId, block.isEnd);
    } else {
      const problem = `stream ${block.streamId} has ended, or was passed over`;
      throw new ConnectionError(errorCode.STREAM_CLOSED, problem);
    }
  }

  #onTrailers(stream: Http2Stream, block: HeaderBlock): void {
    if (stream.isRequestComplete) {
      throw new StreamError(errorCode.STREAM_CLOSED, "headers behind the end of a request");
    }
    if (!block.isEnd) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "headers within a request");
    }
    if (block.dependsOnItself) {
      throw circularDependency();
    }
    checkTrailers(block.fields);
    this.#target.complete(stream);
  }

  #readReset(frame: Frame): void {
    checkLength(frame, 4);
    const stream = this.#streams.find(frame);
    this.#streams.forget(frame.streamId);
    if (stream !== undefined) {
      this.#target.giveUp(stream);
    }
  }

  #readSettings(frame: Frame): void {
    checkOfConnection(frame);
    if ((frame.flags & frameFlag.ACK) !== 0) {
      checkLength(frame, 0);
      return;
    }
    const settings = readSettings(frame.bytes.subarray(frame.start, frame.end));
    this.#hasSettings = true;
    if (settings.maxFrameBytes !== undefined) {
      this.#writer.maxFrameBytes = settings.maxFrameBytes;
      this.#target.sender.maxFrameBytes = settings.maxFrameBytes;
    }
    if (settings.headerTableBytes !== undefined) {
      this.#writer.limitHeaderTable(settings.headerTableBytes);
    }
    this.#writer.settingsTaken();
    if (settings.initialWindow !== undefined) {
      this.#setInitialWindow(settings.initialWindow);
    }
  }

  /** Windows of streams that run change with it. */
  #setInitialWindow(bytes: number): void {
    const more = bytes - this.#initialWindow;
    this.#initialWindow = bytes;
    for (const stream of this.#streams.values()) {
      if (!this.#target.sender.widenStream(stream, more)) {
        throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "a stream's window is too large");
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

  #readGoAway(frame: Frame): void {
    checkOfConnection(frame);
    if (frame.end - frame.start < 8) {
      throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, "a farewell that is too short");
    }
    this.#target.leave(frame.bytes.readUInt32BE(frame.start + 4));
  }

  #readWindowUpdate(frame: Frame): void {
    const bytes = readIncrement(frame);
    if (bytes === 0) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "the connection's window is widened by nothing");
    }
    if (!this.#target.sender.widen(bytes)) {
      throw new ConnectionError(errorCode.FLOW_CONTROL_ERROR, "the connection's window is too large");
    }
  }

  #readStreamWindowUpdate(frame: Frame): void {
    const bytes = readIncrement(frame);
    const stream = this.#streams.find(frame);
    if (bytes === 0) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "the stream's window is widened by nothing");
    }
    if (stream !== undefined && !this.#target.sender.widenStream(stream, bytes)) {
      throw new StreamError(errorCode.FLOW_CONTROL_ERROR, "the stream's window is too large");
    }
  }
}

function readIncrement(frame: Frame): number {
  checkLength(frame, 4);
  return frame.bytes.readUInt32BE(frame.start) & 0x7fff_ffff;
}

function refusePush(): never {
  throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a client must not push");
}
