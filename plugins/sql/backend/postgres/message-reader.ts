import { ReadBuffer } from "../wire/read-buffer.js";

/** A letter and the length of what follows. */
const HEADER = 5;

/** Finds the messages in what a server sends. */
export class MessageReader extends ReadBuffer {
  /** The letter of the message found last. */
  letter = 0;
  /** Where its content begins and ends in {@link bytes}, until more is pushed. */
  start = 0;
  end = 0;

  /** Goes to the next message. False where it is not complete yet. */
  next(): boolean {
    const { at, bytes, filled } = this;
    if (filled - at < HEADER) {
      return false;
    }
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    if (end > filled) {
      return false;
    }
    this.letter = bytes[at] ?? 0;
    this.start = at + HEADER;
    this.end = end;
    this.at = end;
    return true;
  }
}
