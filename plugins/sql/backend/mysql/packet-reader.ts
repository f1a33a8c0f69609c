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
    if (!this.has(HEADER)) {
      return false;
    }
    const length = this.bytes.readUIntLE(this.at, 3);
    if (length === MAX_PACKET) {
      return this.#joined();
    }
    if (!this.has(HEADER + length)) {
      return false;
    }
    const { at } = this;
    this.sequence = this.bytes[at + 3] ?? 0;
    this.packet = this.bytes;
    this.start = at + HEADER;
    this.end = at + HEADER + length;
    this.at = this.end;
    return true;
  }

  /** A packet that goes on in others, which are put together. */
  #joined(): boolean {
    const parts: Buffer[] = [];
    for (let from = 0; this.has(from + HEADER); ) {
      const length = this.bytes.readUIntLE(this.at + from, 3);
      const to = from + HEADER + length;
      if (!this.has(to)) {
        return false;
      }
      from = to;
      if (length < MAX_PACKET) {
        for (let begin = this.at; begin < this.at + to; ) {
          const end = begin + HEADER + this.bytes.readUIntLE(begin, 3);
          this.sequence = this.bytes[begin + 3] ?? 0;
          parts.push(this.bytes.subarray(begin + HEADER, end));
          begin = end;
        }
        this.packet = Buffer.concat(parts);
        this.start = 0;
        this.end = this.packet.length;
        this.at += to;
        return true;
      }
    }
    return false;
  }
}
