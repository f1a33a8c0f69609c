import type { Socket } from "node:net";
import { FRAME_HEADER_BYTES, writeFrameHeader } from "./frame.js";

/** Frames are put together in buffers of this size, in bytes. */
const BUFFER_BYTES = 128 * 1024;

/** So much is sent at once, in bytes; what is less waits for the end of the event loop's turn. */
const SEND_BYTES = 32 * 1024;

/** How many buffers are kept for later. */
const SPARE_BUFFERS = 4;

/** A buffer that frames are put into, and how many writes to the socket have not let go of it. */
interface Arena {
  readonly bytes: Buffer;
  writes: number;
}

/** What is sent to a client. Frames are copied into buffers, so that many of them are one write to the socket. */
export class Output {
  readonly #socket: Socket;
  readonly #spare: Arena[] = [];
  #arena: Arena = newArena();
  /** What is not with the socket yet lies between the two. */
  #start = 0;
  #end = 0;
  #isFull = false;
  #isPlanned = false;

  /** @param onRoom called when the socket takes more again */
  constructor(socket: Socket, onRoom: () => void) {
    this.#socket = socket;
    socket.on("drain", () => {
      this.#isFull = false;
      onRoom();
    });
  }

  /** Whether the socket has more than it takes at the moment. What has to be sent may be sent nevertheless. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** How many bytes the client has not taken yet. */
  get waitingBytes(): number {
    return this.#end - this.#start + this.#socket.writableLength;
  }

  /** Begins a frame, whose payload is to follow. @param length of the payload, in bytes: at most that of a frame */
  begin(length: number, type: number, flags: number, streamId: number): void {
    if (this.#end + FRAME_HEADER_BYTES + length > this.#arena.bytes.length) {
      this.send();
      this.#renew(FRAME_HEADER_BYTES + length);
    }
    this.#end = writeFrameHeader(this.#arena.bytes, this.#end, length, type, flags, streamId);
  }

  /** Adds to the payload. */
  add(bytes: Uint8Array): void {
    this.#arena.bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Has what was written sent by the end of the event loop's turn. To be called when a frame is complete. */
  sendSoon(): void {
    const bytes = this.#end - this.#start;
    if (bytes >= SEND_BYTES) {
      this.send();
    } else if (bytes > 0 && !this.#isPlanned) {
      this.#isPlanned = true;
      setImmediate(() => {
        this.#isPlanned = false;
        this.send();
      });
    }
  }

  /** Hands what was written to the socket. */
  send(): void {
    if (this.#end === this.#start || !this.#socket.writable) {
      this.#start = this.#end;
      return;
    }
    const arena = this.#arena;
    const bytes = arena.bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    arena.writes++;
    const hasRoom = this.#socket.write(bytes, () => {
      arena.writes--;
      this.#keep(arena);
    });
    this.#isFull ||= !hasRoom;
  }

  /** Goes on with another buffer. */
  #renew(bytes: number): void {
    const full = this.#arena;
    this.#arena = (bytes <= BUFFER_BYTES ? this.#spare.pop() : undefined) ?? newArena(Math.max(bytes, BUFFER_BYTES));
    this.#start = 0;
    this.#end = 0;
    this.#keep(full);
  }

  /** Keeps a buffer for later, once the socket has let go of it. */
  #keep(arena: Arena): void {
    if (
      arena.writes === 0 &&
      arena !== this.#arena &&
      arena.bytes.length === BUFFER_BYTES &&
      this.#spare.length < SPARE_BUFFERS
    ) {
      this.#spare.push(arena);
    }
  }
}

function newArena(bytes = BUFFER_BYTES): Arena {
  return { bytes: Buffer.allocUnsafeSlow(bytes), writes: 0 };
}
