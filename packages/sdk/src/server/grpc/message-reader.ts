import { status } from "./status.js";
import { StatusError } from "./status-error.js";

/** What stands before each message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;

/** A message as it came. */
export interface ReceivedMessage {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

/**
 * Finds the messages in what a client sends. One that lies in one piece is not copied.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class MessageReader {
  readonly #maxBytes: number;
  /** What came and belongs to no message yet. */
  #pieces: Buffer[] = [];
  #length = 0;

  /** @param maxBytes of a message; -1 for any size */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a message has begun that is not complete. */
  get isWithinMessage(): boolean {
    return this.#length > 0;
  }

  /** Takes a piece. @returns the messages that it completes @throws StatusError for a message that is too large, or none */
  push(piece: Buffer): ReceivedMessage[] {
    if (piece.length === 0) {
      return [];
    }
    this.#pieces.push(piece);
    this.#length += piece.length;
    const messages: ReceivedMessage[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      messages.push(message);
    }
    return messages;
  }

  #next(): ReceivedMessage | undefined {
    if (this.#length < PREFIX_BYTES) {
      return undefined;
    }
    const prefix = this.#peek(PREFIX_BYTES);
    const flag = prefix[0] ?? 0;
    if (flag > 1) {
      throw new StatusError(status.INTERNAL, `Received message whose compressed flag is ${flag}, and not 0 or 1`);
    }
    const length = prefix.readUInt32BE(1);
    if (this.#maxBytes !== -1 && length > this.#maxBytes) {
      const details = `Received message larger than max (${length} vs ${this.#maxBytes})`;
      throw new StatusError(status.RESOURCE_EXHAUSTED, details);
    }
    if (this.#length < PREFIX_BYTES + length) {
      return undefined;
    }
    const all = this.#pieces.length === 1 ? (this.#pieces[0] ?? prefix) : Buffer.concat(this.#pieces, this.#length);
    const end = PREFIX_BYTES + length;
    this.#length -= end;
    this.#pieces = this.#length === 0 ? [] : [all.subarray(end)];
    return { bytes: all.subarray(PREFIX_BYTES, end), isCompressed: flag === 1 };
  }

  /** The first bytes, of which there are so many. */
  #peek(count: number): Buffer {
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= count) {
      return first;
    }
    return Buffer.concat(this.#pieces.slice(0, count), Math.min(this.#length, count));
  }
}
