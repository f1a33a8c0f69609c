import type { Writable } from "node:stream";
import type { MessageParts } from "./server-call.js";

/** So much goes to the connection at a time, in bytes: what is copied and framed in one turn is far below a ms of work. */
const SLICE_BYTES = 128 * 1024;

/** So much is sent before other calls are let in, in bytes: a host that takes all at once would keep them waiting. */
const TURN_BYTES = 1024 * 1024;

/** Messages up to this size are copied behind their prefix, which is cheaper than a write of their own. */
const SMALL_BYTES = 16 * 1024;

/** Sends messages on a stream, large ones slice by slice as the client takes them, so that other calls are answered meanwhile. */
export class MessageSender {
  readonly #stream: Writable;
  /** Written one behind the other; a function is called in its turn. */
  readonly #queue: (Uint8Array | (() => void))[] = [];
  #isSending = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Whether a large message is on its way. */
  get isSending(): boolean {
    return this.#isSending;
  }

  /** Sends a message behind those before. @param taken called when the stream has taken it */
  send(parts: MessageParts, taken?: () => void): void {
    const length = lengthOf(parts);
    if (length <= SMALL_BYTES) {
      const message = small(parts, length);
      if (this.#isSending) {
        this.#queue.push(message, ...(taken === undefined ? [] : [taken]));
      } else {
        this.#stream.write(message, taken);
      }
      return;
    }
    this.#queue.push(prefixOf(length), ...parts, ...(taken === undefined ? [] : [taken]));
    void this.#run();
  }

  /** Does something once all that was sent is with the stream. */
  whenSent(then: () => void): void {
    if (this.#isSending) {
      this.#queue.push(then);
    } else {
      then();
    }
  }

  async #run(): Promise<void> {
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    let turn = 0;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (typeof next === "function") {
        next();
        continue;
      }
      for (let at = 0; at < next.length && !this.#stream.destroyed; at += SLICE_BYTES) {
        const slice = next.subarray(at, at + SLICE_BYTES);
        turn += slice.length;
        if (!this.#stream.write(slice)) {
          await this.#drained();
        }
        if (turn > TURN_BYTES) {
          turn = 0;
          await new Promise(setImmediate);
        }
      }
    }
    this.#isSending = false;
  }

  /** Waits until the stream takes more, or is gone. */
  #drained(): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve) => {
      if (stream.destroyed || !stream.writableNeedDrain) {
        resolve();
        return;
      }
      const done = (): void => {
        stream.off("drain", done);
        stream.off("close", done);
        resolve();
      };
      stream.on("drain", done);
      stream.on("close", done);
    });
  }
}

/** A message's length, in bytes. */
export function lengthOf(parts: MessageParts): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function small(parts: MessageParts, length: number): Buffer {
  const message = Buffer.allocUnsafe(5 + length);
  message[0] = 0;
  message.writeUInt32BE(length, 1);
  let at = 5;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/** Not compressed, and the length. */
function prefixOf(length: number): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}
