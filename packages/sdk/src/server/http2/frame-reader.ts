import { ConnectionError, errorCode } from "./error-code.js";
import { FRAME_HEADER_BYTES, type Frame } from "./frame.js";

/** The longest payload that is taken, in bytes: what applies where no other is agreed on. */
const MAX_PAYLOAD_BYTES = 16_384;

/** What every client sends first. Source: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Finds the frames in what a client sends. What lies in one piece is not copied. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  /** How much of the preface has come. */
  #greeted = 0;
  /** A frame of which only the beginning has come, and how much of it. */
  #held: Buffer = Buffer.alloc(0);
  #heldBytes = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Takes a piece. @throws ConnectionError; what `onFrame` throws: no more may be pushed then */
  push(piece: Buffer): void {
    let at = this.#greeted < PREFACE.length ? this.#greet(piece) : 0;
    while (at < piece.length) {
      if (this.#heldBytes > 0) {
        at = this.#complete(piece, at);
        continue;
      }
      const left = piece.length - at;
      const length = left < FRAME_HEADER_BYTES ? 0 : payloadLength(piece, at);
      if (left < FRAME_HEADER_BYTES + length || left < FRAME_HEADER_BYTES) {
        this.#hold(piece, at, FRAME_HEADER_BYTES + length);
        return;
      }
      this.#deliver(piece, at, length);
      at += FRAME_HEADER_BYTES + length;
    }
  }

  /** @returns where the frames begin */
  #greet(piece: Buffer): number {
    const length = Math.min(piece.length, PREFACE.length - this.#greeted);
    if (PREFACE.compare(piece, 0, length, this.#greeted, this.#greeted + length) !== 0) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "the client does not begin as HTTP/2 does");
    }
    this.#greeted += length;
    return length;
  }

  /** Keeps the beginning of a frame. */
  #hold(piece: Buffer, at: number, room: number): void {
    this.#held = Buffer.allocUnsafe(room);
    this.#heldBytes = piece.copy(this.#held, 0, at);
  }

  /** Adds to the frame that is held, and delivers it where it is complete. @returns where what follows begins */
  #complete(piece: Buffer, at: number): number {
    const copied = piece.copy(this.#held, this.#heldBytes, at, at + this.#held.length - this.#heldBytes);
    this.#heldBytes += copied;
    if (this.#heldBytes < this.#held.length) {
      return at + copied;
    }
    const held = this.#held;
    const length = payloadLength(held, 0);
    if (held.length < FRAME_HEADER_BYTES + length) {
      // Only its header was complete.
      this.#hold(held, 0, FRAME_HEADER_BYTES + length);
    } else {
      this.#heldBytes = 0;
      this.#deliver(held, 0, length);
    }
    return at + copied;
  }

  #deliver(bytes: Buffer, at: number, length: number): void {
    const start = at + FRAME_HEADER_BYTES;
    this.#onFrame({
      type: bytes[at + 3] ?? 0,
      flags: bytes[at + 4] ?? 0,
      streamId: bytes.readUInt32BE(at + 5) & 0x7fff_ffff,
      bytes,
      start,
      end: start + length,
    });
  }
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = bytes.readUIntBE(at, 3);
  if (length > MAX_PAYLOAD_BYTES) {
    const problem = `a frame of ${length} bytes, and ${MAX_PAYLOAD_BYTES} are the most`;
    throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, problem);
  }
  return length;
}
