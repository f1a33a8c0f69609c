import { frameType } from "./frame.js";
import type { Http2Stream } from "./http2-stream.js";
import type { Output } from "./output.js";
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW, MAX_WINDOW } from "./settings.js";

/** So much is sent before other work is let in, in bytes: a client that takes all at once would keep it waiting. */
const TURN_BYTES = 1024 * 1024;

/** The longest payload that is sent, in bytes, also where the client takes longer ones: other streams want their turn. */
const MOST_FRAME_BYTES = 64 * 1024;

/** What a sender leaves to others. */
export interface SenderListener {
  /** Sends the end of a stream. */
  onTrailers(stream: Http2Stream, block: Uint8Array): void;
  /** What was to be sent could not be, and the connection is in a state that nobody knows. */
  onProblem(error: unknown): void;
}

/** Sends the data of all streams of a connection, a frame of each in turn, as far as the client and the socket take it. */
export class DataSender {
  readonly #output: Output;
  readonly #listener: SenderListener;
  #window = DEFAULT_WINDOW;
  #maxFrameBytes = DEFAULT_FRAME_BYTES;
  readonly #waiting: Http2Stream[] = [];
  #isRunning = false;
  /** Sent since other work was let in, in bytes. */
  #sincePause = 0;
  #isPausing = false;

  constructor(output: Output, listener: SenderListener) {
    this.#output = output;
    this.#listener = listener;
  }

  set maxFrameBytes(bytes: number) {
    this.#maxFrameBytes = Math.min(bytes, MOST_FRAME_BYTES);
  }

  /** The client takes so many bytes more, of all streams together. @returns false for more than there may be */
  widen(bytes: number): boolean {
    this.#window += bytes;
    if (this.#window > MAX_WINDOW) {
      return false;
    }
    this.run();
    return true;
  }

  /** The client takes so many bytes more of a stream, or fewer. @returns false for more than there may be */
  widenStream(stream: Http2Stream, bytes: number): boolean {
    stream.window += bytes;
    if (stream.window > MAX_WINDOW) {
      return false;
    }
    this.wake(stream);
    return true;
  }

  /** A stream has something to send. */
  wake(stream: Http2Stream): void {
    if (!stream.isWaiting && stream.canSend) {
      stream.isWaiting = true;
      this.#waiting.push(stream);
      this.run();
    }
  }

  /** Sends what can be sent. */
  run(): void {
    if (this.#isRunning || this.#isPausing) {
      return;
    }
    this.#isRunning = true;
    try {
      this.#sendAll();
    } catch (error) {
      this.#listener.onProblem(error);
    } finally {
      this.#isRunning = false;
    }
    this.#output.sendSoon();
  }

  #sendAll(): void {
    // How many were passed over in a row: when that is all, nothing is left to do.
    for (let stuck = 0; stuck < this.#waiting.length && !this.#output.isFull; ) {
      if (this.#sincePause >= TURN_BYTES) {
        this.#pause();
        return;
      }
      const stream = this.#waiting.shift();
      if (stream === undefined) {
        return;
      }
      if (stream.canSend && stream.isSending && this.#window <= 0) {
        this.#waiting.push(stream);
        stuck++;
        continue;
      }
      stuck = 0;
      if (stream.canSend) {
        this.#sendFrame(stream);
      }
      if (stream.canSend) {
        this.#waiting.push(stream);
      } else {
        stream.isWaiting = false;
      }
    }
  }

  /** Sends a frame of data, and the end of the stream where it has come. */
  #sendFrame(stream: Http2Stream): void {
    const bytes = stream.nextBytes(Math.min(this.#maxFrameBytes, this.#window));
    if (bytes > 0) {
      this.#output.begin(bytes, frameType.DATA, 0, stream.id);
    }
    const taken = stream.take(bytes, (part) => this.#output.add(part));
    this.#window -= bytes;
    this.#sincePause += bytes;
    for (const call of taken) {
      call();
    }
    const trailers = stream.takeTrailers();
    if (trailers !== undefined) {
      this.#listener.onTrailers(stream, trailers);
    }
  }

  #pause(): void {
    this.#isPausing = true;
    setImmediate(() => {
      this.#isPausing = false;
      this.#sincePause = 0;
      this.run();
    });
  }
}
