import { ConnectionError, errorCode, StreamError } from "./error-code.js";
import type { Frame } from "./frame.js";
import { checkOfStream } from "./frame-checks.js";
import type { Http2Stream } from "./http2-stream.js";

/** So many streams are kept in mind that ended here while their request goes on. */
const MAX_ABANDONED = 1_000;

/** The streams of a connection: those that run, and what is known of the others by their numbers. */
export class StreamTable {
  readonly #streams = new Map<number, Http2Stream>();
  /** Ended here while their request goes on: what still comes of it is passed over. */
  readonly #abandoned = new Set<number>();
  #lastId = 0;
  #lastTakenId: number | undefined;

  /** The number of the last stream that was begun. */
  get lastId(): number {
    return this.#lastId;
  }

  /** The number of the last stream that was begun before no more were taken. */
  get lastTakenId(): number {
    return this.#lastTakenId ?? this.#lastId;
  }

  /** Whether no stream runs. */
  get isEmpty(): boolean {
    return this.#streams.size === 0;
  }

  /** The streams that run. */
  values(): Iterable<Http2Stream> {
    return this.#streams.values();
  }

  /** A stream that runs. */
  get(streamId: number): Http2Stream | undefined {
    return this.#streams.get(streamId);
  }

  /** The stream of a frame; `undefined` for one that is no more. @throws ConnectionError for one that was never begun */
  find(frame: Frame): Http2Stream | undefined {
    checkOfStream(frame);
    const { streamId } = frame;
    const stream = this.#streams.get(streamId);
    if (stream === undefined && (streamId > this.#lastId || streamId % 2 === 0)) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, `stream ${streamId} has not begun`);
    }
    return stream;
  }

  /** Notes that streams that begin from now on are refused. */
  takeNoMore(): void {
    this.#lastTakenId ??= this.#lastId;
  }

  /** Notes that a client begins a stream, which does not run yet. @throws ConnectionError for a number that is none of a client's */
  begin(streamId: number): void {
    if (streamId % 2 === 0) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, `a client's stream has the number ${streamId}`);
    }
    this.#lastId = streamId;
    this.#abandoned.delete(streamId);
  }

  /** Notes that a stream runs. */
  add(stream: Http2Stream): void {
    this.#streams.set(stream.id, stream);
  }

  /** Notes that a stream has ended. */
  delete(stream: Http2Stream): void {
    this.#streams.delete(stream.id);
  }

  /** Whether a stream is one whose request goes on though it has ended. */
  isAbandoned(streamId: number): boolean {
    return this.#abandoned.has(streamId);
  }

  /** Keeps in mind that the request of a stream goes on though it has ended. A client that ends none of them is told at some time that they are closed. */
  abandon(streamId: number): void {
    this.#abandoned.add(streamId);
    if (this.#abandoned.size > MAX_ABANDONED) {
      const [oldest = streamId] = this.#abandoned;
      this.#abandoned.delete(oldest);
    }
  }

  /** Notes that nothing more comes of a request. */
  forget(streamId: number): void {
    this.#abandoned.delete(streamId);
  }

  /** Passes over what comes for a stream that is no more. @throws StreamError where the client ended it itself */
  passOver(streamId: number, isEnd: boolean): void {
    if (!this.#abandoned.has(streamId)) {
      throw new StreamError(errorCode.STREAM_CLOSED, "the stream is closed");
    }
    if (isEnd) {
      this.#abandoned.delete(streamId);
    }
  }
}
