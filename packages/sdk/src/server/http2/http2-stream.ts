import type { DataSender } from "./data-sender.js";
import { type ErrorCode, errorCode, StreamError } from "./error-code.js";
import { ReceiveWindow } from "./receive-window.js";
import type { RequestHeaders } from "./request-headers.js";
import { RECEIVE_WINDOW } from "./settings.js";

/** Is told what comes on a stream. */
export interface StreamListener {
  /** A piece of the request. It may be kept. */
  onData(piece: Buffer): void;
  /** The request is complete. */
  onEnd(): void;
  /** The client gave the stream up, or its connection is lost: nothing is sent or comes any more. Not called when both sides are done. */
  onGone(): void;
}

/** What a stream needs of its connection. */
export interface StreamOwner {
  readonly sender: DataSender;
  /** Sends a block of headers, which may end the answer. */
  sendHeaders(stream: Http2Stream, block: Uint8Array, isEnd: boolean): void;
  /** Ends a stream before its time. */
  reset(stream: Http2Stream, code: ErrorCode): void;
}

/** What stands in a queue for a part that is sent, until so many of them are removed. */
const SENT = new Uint8Array();
const SENT_PARTS = 1_000;

/** A request and its answer. Source: https://www.rfc-editor.org/rfc/rfc9113#section-5 */
export class Http2Stream {
  readonly id: number;
  readonly headers: RequestHeaders;
  readonly #owner: StreamOwner;
  /** To be set before whoever gets the stream returns: more of it may have come already. */
  listener: StreamListener | undefined;
  /** How much the client takes of it at the moment, in bytes; below 0 where it has changed its mind. */
  window: number;
  readonly receiveWindow = new ReceiveWindow(RECEIVE_WINDOW);
  /** How much of the request is to come, by its `content-length`, in bytes; not a number where that is none. */
  #expected: number | undefined;
  /** Whether no more of the request comes. */
  isRequestComplete = false;
  /** Whether nothing is sent on it any more. */
  isDone = false;
  /** Whether it waits for its turn to send. */
  isWaiting = false;
  readonly #queue: (Uint8Array | (() => void))[] = [];
  /** The first in the queue that is not sent: those before it are removed in one go. */
  #next = 0;
  /** How much of the first in the queue was sent, in bytes. */
  #sent = 0;
  #queuedBytes = 0;
  #trailers: Uint8Array | undefined;

  constructor(owner: StreamOwner, id: number, headers: RequestHeaders, window: number) {
    this.#owner = owner;
    this.id = id;
    this.headers = headers;
    this.window = window;
    const length = headers["content-length"];
    this.#expected = length === undefined ? undefined : /^\d+$/.test(length) ? Number(length) : Number.NaN;
  }

  /** Whether bytes wait to be sent. */
  get isSending(): boolean {
    return this.#queuedBytes > 0;
  }

  /** Whether there is something to send that needs no window, or has one. */
  get canSend(): boolean {
    return this.#queuedBytes > 0 ? this.window > 0 : this.#queue.length > 0 || this.#trailers !== undefined;
  }

  /** Begins the answer. @param isEnd whether that is all of it */
  respond(block: Uint8Array, isEnd = false): void {
    if (!this.isDone) {
      this.#owner.sendHeaders(this, block, isEnd);
    }
  }

  /**
   * Sends bytes, as the client takes them. They are not copied before, and must not be changed.
   * @param taken called when the connection has taken all of them
   */
  write(parts: readonly Uint8Array[], taken?: () => void): void {
    if (this.isDone) {
      return;
    }
    for (const part of parts) {
      if (part.length > 0) {
        this.#queue.push(part);
        this.#queuedBytes += part.length;
      }
    }
    if (taken !== undefined) {
      this.#queue.push(taken);
    }
    this.#owner.sender.wake(this);
  }

  /** Ends the answer with a block of headers, once all was sent. */
  end(trailers: Uint8Array): void {
    if (!this.isDone) {
      this.#trailers = trailers;
      this.#owner.sender.wake(this);
    }
  }

  /** Ends the stream at once. */
  reset(code: ErrorCode = errorCode.CANCEL): void {
    if (!this.isDone) {
      this.#owner.reset(this, code);
    }
  }

  /**
   * Takes a piece of the request.
   * @param bytes what it counts for the window: its padding, too
   * @throws StreamError
   */
  receive(bytes: number, piece: Buffer): void {
    if (this.isRequestComplete) {
      throw new StreamError(errorCode.STREAM_CLOSED, "data behind the end of a request");
    }
    if (!this.receiveWindow.take(bytes)) {
      throw new StreamError(errorCode.FLOW_CONTROL_ERROR, "more data than the stream's window");
    }
    if (this.#expected !== undefined) {
      this.#expected -= piece.length;
    }
    if (piece.length > 0) {
      this.listener?.onData(piece);
    }
  }

  /** The request is complete. @throws StreamError where it is not as long as it should be */
  complete(): void {
    this.isRequestComplete = true;
    if (this.#expected !== undefined && this.#expected !== 0) {
      throw new StreamError(errorCode.PROTOCOL_ERROR, "a request is not as long as its content-length says");
    }
    this.listener?.onEnd();
  }

  /** How many bytes the next frame of data is to have, of at most so many; none where the window is below 0. */
  nextBytes(most: number): number {
    return Math.max(Math.min(most, this.window, this.#queuedBytes), 0);
  }

  /**
   * Takes so many bytes off the queue.
   * @param add gets them, part by part
   * @returns what is to be called now that they are taken
   */
  take(bytes: number, add: (part: Uint8Array) => void): readonly (() => void)[] {
    const taken: (() => void)[] = [];
    this.window -= bytes;
    this.#queuedBytes -= bytes;
    let left = bytes;
    for (let next = this.#queue[this.#next]; next !== undefined; next = this.#queue[this.#next]) {
      if (typeof next === "function") {
        taken.push(next);
      } else if (left === 0) {
        break;
      } else {
        const end = Math.min(next.length, this.#sent + left);
        left -= end - this.#sent;
        add(this.#sent === 0 && end === next.length ? next : next.subarray(this.#sent, end));
        if (end < next.length) {
          this.#sent = end;
          break;
        }
        this.#sent = 0;
      }
      this.#queue[this.#next++] = SENT;
    }
    if (left > 0) {
      throw new RangeError("an answer became shorter while it waited to be sent");
    }
    if (this.#next === this.#queue.length || this.#next >= SENT_PARTS) {
      this.#queue.splice(0, this.#next);
      this.#next = 0;
    }
    return taken;
  }

  /** The block that ends the answer, once nothing is to be sent before it. */
  takeTrailers(): Uint8Array | undefined {
    if (this.#queue.length > 0) {
      return undefined;
    }
    const trailers = this.#trailers;
    this.#trailers = undefined;
    return trailers;
  }

  /** Notes that nothing is sent any more, and lets go of what waits. */
  close(): void {
    if (this.isDone) {
      return;
    }
    this.isDone = true;
    this.#queuedBytes = 0;
    this.#trailers = undefined;
    this.#next = 0;
    for (const waiting of this.#queue.splice(0)) {
      if (typeof waiting === "function") {
        waiting();
      }
    }
  }
}
