import { ReadBuffer } from "../wire/read-buffer.js";
import { MAX_PACKET } from "./packets.js";

/** The length of what follows, and a sequence number. */
const HEADER = 4;

/** Finds the packets in what a server sends. */
export class PacketReader extends ReadBuffer {
  /** Holds the packet found last, from `start` to `end`, until more is pushed. */
  packet: Buffer = this.bytes;
  start = 0;
  end = 0;
  sequence = 0;

  /** The first byte of the packet. */
  get lead(): number {
    return this.packet[this.start] ?? 0;
  }

  /** Whether the packet ends columns or rows. */
  get isEnd(): boolean {
    return this.lead === 0xfe && this.end - this.start < 9;
  }

  /** Goes to the next packet. False where it is not complete yet. */
  next(): boolean {
    const { at, bytes, filled } = this;
    if (filled - at < HEADER) {
      return false;
    }
    const length = bytes.readUIntLE(at, 3);
    const end = at + HEADER + length;
    if (end > filled) {
      return false;
    }
    if (length === MAX_PACKET) {
      return this.#joined();
    }
    this.sequence = bytes[at + 3] ?? 0;
    this.packet = bytes;
    this.start = at + HEADER;
    this.end = end;
    this.at = end;
    return true;
  }

  /** A packet that goes on in others, which are put together. */
  #joined(): boolean {
    const { bytes, filled } = this;
    const parts: Buffer[] = [];
    for (let at = this.at; filled - at >= HEADER; ) {
      const length = bytes.readUIntLE(at, 3);
      const end = at + HEADER + length;
      if (end > filled) {
        return false;
      }
      parts.push(bytes.subarray(at + HEADER, end));
      if (length < MAX_PACKET) {
        this.sequence = bytes[at + 3] ?? 0;
        this.packet = Buffer.concat(parts);
        this.start = 0;
        this.end = this.packet.length;
        this.at = end;
        return true;
      }
      at = end;
    }
    return false;
  }
}
